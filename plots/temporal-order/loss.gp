# What lets the network learn, and when?
#
# Loss while learning temporal-order. At T = 50, solved by (median updates): clip 1 + penalty – 3 of 3 seeds
# after 9500 updates; clip 1 – 1 of 3 seeds after 44,000 updates; no clipping – none of 3 seeds
# cell rnn · hidden size 50 · batch 20 · float32 · weights ~ N(0, 0.1²) · optimizer sgd · learning rate 0.01 ·
# at most 60,000 updates · task temporal-order · a line for each of 3 seeds · lines: loss of the batches, mean
# over 100 to 500 updates (a spike may be one of them) · points: test loss · run temporal-order (7e9d01409c96)
# gradflow 0.1.0, run temporal-order (7e9d01409c96)
#
# The data are in loss.csv beside this script. To draw it again, from any directory:
#   gnuplot -d loss.gp                       loss.svg and loss.png beside the script
#   gnuplot -d -e "format='pdf'" loss.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 4615bce52c4cde8ab24bfdd09214dd642a2b91b65f26d695493b7a807097922d

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
  set terminal svg size 1400, 705.74 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 706 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 706 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 705.74 / 96.0 enhanced \
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

set linetype 1 linecolor rgb '#000000' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#0072B2' linewidth 2 dashtype (3,4) pointtype 5 pointsize 1
set linetype 4 linecolor rgb '#222222' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 5 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 6 linecolor rgb '#666666' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 7 linecolor rgb '#000000' linewidth 1.3 dashtype solid pointtype 7 pointsize 1
set linetype 8 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 9 linecolor rgb '#000000' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 10 linecolor rgb '#D55E00' linewidth 1.3 dashtype (12,5) pointtype 11 pointsize 1
set linetype 11 linecolor rgb '#D55E00' linewidth 1 dashtype solid pointtype 11 pointsize 1
set linetype 12 linecolor rgb '#D55E00' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 13 linecolor rgb '#0072B2' linewidth 1.3 dashtype (3,4) pointtype 5 pointsize 1
set linetype 14 linecolor rgb '#0072B2' linewidth 1 dashtype solid pointtype 5 pointsize 1
set linetype 15 linecolor rgb '#0072B2' linewidth 2.2 dashtype solid pointtype 6 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Loss while learning temporal-order}' at screen 0.017, screen 0.9543741 left font sized(1.3) textcolor rgb '#000000'
set label 'At T = 50, solved by (median updates): clip 1 + penalty – 3 of 3 seeds after 9500 updates; clip 1 – 1 of 3 seeds after 44,000 updates; no clipping – none of 3 seeds' at screen 0.017, screen 0.9146995 left font sized(1) textcolor rgb '#222222'
set label 'cell rnn · hidden size 50 · batch 20 · float32 · weights \~ N(0, 0.1²) · optimizer sgd · learning rate 0.01 · at most 60,000 updates · task temporal-order · a line for each of 3 seeds' at screen 0.017, screen 0.05098195 left font sized(0.86) textcolor rgb '#555555'
set label 'lines: loss of the batches, mean over 100 to 500 updates (a spike may be one of them) · points: test loss · run temporal-order (7e9d01409c96)' at screen 0.017, screen 0.02261456 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.89268; set bmargin at screen 0.8303908
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'no clipping', \
  keyentry with lines linetype 2 title 'clip 1', \
  keyentry with lines linetype 3 title 'clip 1 + penalty', \
  keyentry with points linetype 4 pointsize 0.75 title 'points: test loss', \
  keyentry with lines linetype 5 title 'chance: remembers nothing', \
  keyentry with points linetype 6 pointsize 1.7 title 'a seed solves the task'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: T = 20
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.50625
set bmargin at screen 0.1618726; set tmargin at screen 0.7708788
set title 'T = 20' offset 0, lowered font sized(1)
set grid
set label 'update' at screen 0.51575, screen 0.1023606 center
set xlabel '' font sized(1)
set xrange [1.507109:4.819544]
set xtics ('100' 2, '1000' 3, '10,000' 4, '0' 1.600857)
x_place(v) = v > 0 ? log10(v) : 1.600857
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? 1.600857 : x_place(column(c))
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-0.05577151:1.450059]
set ytics ('0' 0, '0.5' 0.5, '1' 1)
y_place(v) = (v < -0.05577151 ? -0.05577151 : v > 1.450059 ? 1.450059 : v)
y_at(c) = strcol(c) eq 'inf' ? 1.450059 : strcol(c) eq '-inf' ? -0.05577151 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 1.386294 to graph 1, first 1.386294 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 0 using (x_at(updates)):(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 1 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 2 using (x_at(updates)):(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 3 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 4 using (x_at(updates)):(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 5 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 6 using (x_at(updates)):(y_at(loss)) with points linetype 9 pointsize 1.7 notitle, \
  data skip 1 index 7 using (x_at(updates)):(y_at(loss)) with lines linetype 10 notitle, \
  data skip 1 index 8 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 9 using (x_at(updates)):(y_at(loss)) with lines linetype 10 notitle, \
  data skip 1 index 10 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 11 using (x_at(updates)):(y_at(loss)) with lines linetype 10 notitle, \
  data skip 1 index 12 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 13 using (x_at(updates)):(y_at(loss)) with points linetype 12 pointsize 1.7 notitle, \
  data skip 1 index 14 using (x_at(updates)):(y_at(loss)) with lines linetype 13 notitle, \
  data skip 1 index 15 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 16 using (x_at(updates)):(y_at(loss)) with lines linetype 13 notitle, \
  data skip 1 index 17 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 18 using (x_at(updates)):(y_at(loss)) with lines linetype 13 notitle, \
  data skip 1 index 19 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 20 using (x_at(updates)):(y_at(loss)) with points linetype 15 pointsize 1.7 notitle

# Panel 2: T = 50
unset label; unset object; unset arrow
set lmargin at screen 0.52525; set rmargin at screen 0.979
set bmargin at screen 0.1618726; set tmargin at screen 0.7708788
set title 'T = 50' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1.507109:4.819544]
set xtics ('100' 2, '1000' 3, '10,000' 4, '0' 1.600857)
x_place(v) = v > 0 ? log10(v) : 1.600857
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? 1.600857 : x_place(column(c))
set ylabel '' font sized(1)
set yrange [-0.05577151:1.450059]
set ytics ('' 0, '' 0.5, '' 1)
y_place(v) = (v < -0.05577151 ? -0.05577151 : v > 1.450059 ? 1.450059 : v)
y_at(c) = strcol(c) eq 'inf' ? 1.450059 : strcol(c) eq '-inf' ? -0.05577151 : y_place(column(c))
unset colorbox
set arrow from graph 0, first 1.386294 to graph 1, first 1.386294 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 21 using (x_at(updates)):(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 22 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 23 using (x_at(updates)):(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 24 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 25 using (x_at(updates)):(y_at(loss)) with lines linetype 7 notitle, \
  data skip 1 index 26 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 27 using (x_at(updates)):(y_at(loss)) with lines linetype 10 notitle, \
  data skip 1 index 28 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 29 using (x_at(updates)):(y_at(loss)) with lines linetype 10 notitle, \
  data skip 1 index 30 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 31 using (x_at(updates)):(y_at(loss)) with lines linetype 10 notitle, \
  data skip 1 index 32 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 33 using (x_at(updates)):(y_at(loss)) with points linetype 12 pointsize 1.7 notitle, \
  data skip 1 index 34 using (x_at(updates)):(y_at(loss)) with lines linetype 13 notitle, \
  data skip 1 index 35 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 36 using (x_at(updates)):(y_at(loss)) with lines linetype 13 notitle, \
  data skip 1 index 37 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 38 using (x_at(updates)):(y_at(loss)) with lines linetype 13 notitle, \
  data skip 1 index 39 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 40 using (x_at(updates)):(y_at(loss)) with points linetype 15 pointsize 1.7 notitle

unset multiplot
unset output
