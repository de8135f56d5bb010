# What lets the network learn, and when?
#
# Loss while learning echo after 6 steps. Solved by (median updates): rnn – 2 of 2 seeds after 350 updates; lstm
# – 2 of 2 seeds after 550 updates; gru – 2 of 2 seeds after 650 updates
# hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral
# radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine · lengths 20 to 40 ·
# LSTM forget bias 1 · at most 2000 updates · task echo after 6 steps · a line for each of 2 seeds · lines: loss
# of the batches, mean over 4 to 8 updates (a spike may be one of them) · points: test loss · run echo
# (64cf83838dc3)
# gradflow 0.1.0, run echo (64cf83838dc3)
#
# The data are in loss.csv beside this script. To draw it again, from any directory:
#   gnuplot -d loss.gp                       loss.svg and loss.png beside the script
#   gnuplot -d -e "format='pdf'" loss.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: c71086b6d93a0c86c0c5d6851a281905088d53705cbd7eb64662faa723259c0c

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
  set terminal svg size 1400, 725.76 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 726 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 726 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 725.76 / 96.0 enhanced \
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
set linetype 2 linecolor rgb '#009E73' linewidth 2 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 3 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 4 linecolor rgb '#222222' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 5 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 6 linecolor rgb '#666666' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 7 linecolor rgb '#0072B2' linewidth 1.3 dashtype solid pointtype 7 pointsize 1
set linetype 8 linecolor rgb '#0072B2' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 9 linecolor rgb '#0072B2' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 10 linecolor rgb '#009E73' linewidth 1.3 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 11 linecolor rgb '#009E73' linewidth 1 dashtype solid pointtype 5 pointsize 1
set linetype 12 linecolor rgb '#009E73' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 13 linecolor rgb '#D55E00' linewidth 1.3 dashtype (12,5) pointtype 11 pointsize 1
set linetype 14 linecolor rgb '#D55E00' linewidth 1 dashtype solid pointtype 11 pointsize 1
set linetype 15 linecolor rgb '#D55E00' linewidth 2.2 dashtype solid pointtype 6 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Loss while learning echo after 6 steps}' at screen 0.017, screen 0.9556327 left font sized(1.3) textcolor rgb '#000000'
set label 'Solved by (median updates): rnn – 2 of 2 seeds after 350 updates; lstm – 2 of 2 seeds after 550 updates; gru – 2 of 2 seeds after 650 updates' at screen 0.017, screen 0.9170525 left font sized(1) textcolor rgb '#222222'
set label 'hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine · lengths 20 to 40' at screen 0.017, screen 0.07716049 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 2000 updates · task echo after 6 steps · a line for each of 2 seeds · lines: loss of the batches, mean over 4 to 8 updates (a spike may be one of them) · points: test loss' at screen 0.017, screen 0.04957562 left font sized(0.86) textcolor rgb '#555555'
set label 'run echo (64cf83838dc3)' at screen 0.017, screen 0.02199074 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8956404; set bmargin at screen 0.8350694
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'gru', \
  keyentry with lines linetype 3 title 'lstm', \
  keyentry with points linetype 4 pointsize 0.75 title 'points: test loss', \
  keyentry with lines linetype 5 title 'chance: remembers nothing', \
  keyentry with points linetype 6 pointsize 1.7 title 'a seed solves the task'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: T = 40
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.979
set bmargin at screen 0.1849923; set tmargin at screen 0.7771991
set title 'T = 40' offset 0, lowered font sized(1)
set grid
set xlabel 'update' font sized(1)
set xrange [0:721]
set xtics ('0' 0, '200' 200, '400' 400, '600' 600)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-3.028672:0.3052828]
set ytics ('10^{−3}' -3, '10^{−2}' -2, '10^{−1}' -1, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -3.028672 ? -3.028672 : log10(v) > 0.3052828 ? 0.3052828 : log10(v)) : -3.028672
y_at(c) = strcol(c) eq 'inf' ? 0.3052828 : strcol(c) eq '-inf' ? -3.028672 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 0.1418555 to graph 1, first 0.1418555 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 0 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 1 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 2 using updates:(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 3 using updates:(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 4 using updates:(y_at(loss)) with points linetype 9 pointsize 1.7 notitle, \
  data skip 1 index 5 using updates:(y_at(loss)) with lines linetype 10 notitle, \
  data skip 1 index 6 using updates:(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 7 using updates:(y_at(loss)) with lines linetype 10 notitle, \
  data skip 1 index 8 using updates:(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 9 using updates:(y_at(loss)) with points linetype 12 pointsize 1.7 notitle, \
  data skip 1 index 10 using updates:(y_at(loss)) with lines linetype 13 notitle, \
  data skip 1 index 11 using updates:(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 12 using updates:(y_at(loss)) with lines linetype 13 notitle, \
  data skip 1 index 13 using updates:(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 14 using updates:(y_at(loss)) with points linetype 15 pointsize 1.7 notitle

unset multiplot
unset output
