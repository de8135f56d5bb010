# What lets the network learn, and when?
#
# Loss while learning copy-memory. At T = 120, no seed solves the task; test loss (median over seeds, chance
# 0.173): lstm – 0.157; rnn – 0.173
# hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral
# radius 1 at the start · optimizer rmsprop:0.99 · learning rate 0.002 · LSTM forget bias 1 · readout starts at
# chance · at most 3000 updates · task copy-memory · a line for each of 2 seeds · lines: loss of the batches,
# mean over 30 updates (a spike may be one of them) · points: test loss · run copy-memory (884024d43100)
# gradflow 0.1.0, run copy-memory (884024d43100)
#
# The data are in loss.csv beside this script. To draw it again, from any directory:
#   gnuplot -d loss.gp                       loss.svg and loss.png beside the script
#   gnuplot -d -e "format='pdf'" loss.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 8729633685cc10d21ab71f55715418405a27f93c3d06df4d0dbf89da61de55a8

reset
set encoding utf8
if (!exists("ARG0")) { ARG0 = "" }
script = ARG0
directory = script
while (strlen(directory) > 0 && directory[strlen(directory):*] ne "/") {
  directory = (strlen(directory) == 1) ? "" : directory[1:strlen(directory) - 1]
}
if (directory[1:1] ne "/") { directory = "./" . directory }
if (!exists("format")) {
  do for [each in "svg png"] { format = each; load script }
  undefine format
  exit
}
data = directory . "loss.csv"
target = exists("output") ? output : directory . "loss." . format
if (format eq "svg") {
  set terminal svg size 1400, 703.78 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 704 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 704 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 703.78 / 96.0 enhanced \
    font "DejaVu Sans,10.5"
}
set output target

sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? 14 : 10.5))
# A key takes no call for its font.
key_font = sized(0.85)
# The svg terminal sets panel titles higher than the others.
lowered = (format eq "svg") ? -0.6 : 0
set datafile separator comma
# Of the colour bar, too.
set style fill solid 1 noborder
set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder

# The columns of loss.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; seed = 5; quantity = 6; updates = 7
loss = 8; q25 = 9; q75 = 10; seeds = 11

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#222222' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 4 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 5 linecolor rgb '#0072B2' linewidth 1.3 dashtype solid pointtype 7 pointsize 1
set linetype 6 linecolor rgb '#0072B2' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 7 linecolor rgb '#D55E00' linewidth 1.3 dashtype (12,5) pointtype 11 pointsize 1
set linetype 8 linecolor rgb '#D55E00' linewidth 1 dashtype solid pointtype 11 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Loss while learning copy-memory}' at screen 0.017, screen 0.9542471 left font sized(1.3) textcolor rgb '#000000'
set label 'At T = 120, no seed solves the task; test loss (median over seeds, chance 0.173): lstm – 0.157; rnn – 0.173' at screen 0.017, screen 0.9144619 left font sized(1) textcolor rgb '#222222'
set label 'hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral radius 1 at the start · optimizer rmsprop:0.99 · learning rate 0.002 · LSTM forget bias 1' at screen 0.017, screen 0.07957032 left font sized(0.86) textcolor rgb '#555555'
set label 'readout starts at chance · at most 3000 updates · task copy-memory · a line for each of 2 seeds · lines: loss of the batches, mean over 30 updates (a spike may be one of them) · points: test loss' at screen 0.017, screen 0.05112393 left font sized(0.86) textcolor rgb '#555555'
set label 'run copy-memory (884024d43100)' at screen 0.017, screen 0.02267754 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8923811; set bmargin at screen 0.8611498
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm', \
  keyentry with points linetype 3 pointsize 0.75 title 'points: test loss', \
  keyentry with lines linetype 4 title 'chance: remembers nothing'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: T = 40
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.50625
set bmargin at screen 0.1907698; set tmargin at screen 0.8014721
set title 'T = 40' offset 0, lowered font sized(1)
set grid
set label 'update' at screen 0.51575, screen 0.1310921 center
set xlabel '' font sized(1)
set xrange [0:3090]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-0.04328782:1.125483]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
y_place(v) = (v < -0.04328782 ? -0.04328782 : v > 1.125483 ? 1.125483 : v)
y_at(c) = strcol(c) eq 'inf' ? 1.125483 : strcol(c) eq '-inf' ? -0.04328782 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 0.5198604 to graph 1, first 0.5198604 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 0 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 1 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 2 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 3 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 4 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 5 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 6 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 7 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle

# Panel 2: T = 120
unset label; unset object; unset arrow
set lmargin at screen 0.52525; set rmargin at screen 0.979
set bmargin at screen 0.1907698; set tmargin at screen 0.8014721
set title 'T = 120' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:3090]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set ylabel '' font sized(1)
set yrange [-0.04328782:1.125483]
set ytics ('' 0, '' 0.2, '' 0.4, '' 0.6, '' 0.8, '' 1)
y_place(v) = (v < -0.04328782 ? -0.04328782 : v > 1.125483 ? 1.125483 : v)
y_at(c) = strcol(c) eq 'inf' ? 1.125483 : strcol(c) eq '-inf' ? -0.04328782 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 0.1732868 to graph 1, first 0.1732868 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 8 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 9 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 10 using updates:(y_at(loss)) with lines linetype 5 notitle, \
  data skip 1 index 11 using updates:(y_at(loss)) with points linetype 6 pointsize 0.75 notitle, \
  data skip 1 index 12 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 13 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 14 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 15 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle

unset multiplot
unset output
