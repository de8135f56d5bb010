# What lets the network learn, and when?
#
# Loss while learning reversal of 2 symbols. At T = 40, solved by: lstm – 1 of 1 seed after 3800 updates; gru –
# 1 of 1 seed after 4600 updates; rnn – none of 1 seed. Wrong test outputs of own predictions / with teacher
# forcing: rnn – 26.8 % / 26.4 %; gru – 0.1 % / less than 0.1 %; lstm – less than 0.1 % / less than 0.1 %
# hidden size 128 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral
# radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine · LSTM forget bias 1
# · at most 5000 updates · task reversal of 2 symbols · lines: loss of the batches, mean over 10 to 50 updates
# (a spike may be one of them) · points: test loss · in training each step reads the right class before it
# (teacher forcing) · run reversal (953f89f9383f)
# gradflow 0.1.0, run reversal (953f89f9383f)
#
# The data are in loss.csv beside this script. To draw it again, from any directory:
#   gnuplot -d loss.gp                       loss.svg and loss.png beside the script
#   gnuplot -d -e "format='pdf'" loss.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 2f674f85e16476fe7cda545454ca15dacf94c620c93a88e5174ec332f4fd8314

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
  set terminal svg size 1400, 638.568 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 639 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 639 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 638.568 / 96.0 enhanced \
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
set linetype 5 linecolor rgb '#222222' linewidth 1 dashtype solid pointtype 6 pointsize 1
set linetype 6 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 7 linecolor rgb '#666666' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 8 linecolor rgb '#0072B2' linewidth 1 dashtype solid pointtype 7 pointsize 1
set linetype 9 linecolor rgb '#0072B2' linewidth 1 dashtype solid pointtype 6 pointsize 1
set linetype 10 linecolor rgb '#0072B2' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 11 linecolor rgb '#009E73' linewidth 1 dashtype solid pointtype 5 pointsize 1
set linetype 12 linecolor rgb '#009E73' linewidth 1 dashtype solid pointtype 4 pointsize 1
set linetype 13 linecolor rgb '#009E73' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 14 linecolor rgb '#D55E00' linewidth 1 dashtype solid pointtype 11 pointsize 1
set linetype 15 linecolor rgb '#D55E00' linewidth 1 dashtype solid pointtype 10 pointsize 1
set linetype 16 linecolor rgb '#D55E00' linewidth 2.2 dashtype solid pointtype 6 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Loss while learning reversal of 2 symbols}' at screen 0.017, screen 0.9495747 left font sized(1.3) textcolor rgb '#000000'
set label 'At T = 40, solved by: lstm – 1 of 1 seed after 3800 updates; gru – 1 of 1 seed after 4600 updates; rnn – none of 1 seed. Wrong test outputs of own predictions / with teacher forcing:' at screen 0.017, screen 0.9057266 left font sized(1) textcolor rgb '#222222'
set label 'rnn – 26.8 % / 26.4 %; gru – 0.1 % / less than 0.1 %; lstm – less than 0.1 % / less than 0.1 %' at screen 0.017, screen 0.8682364 left font sized(1) textcolor rgb '#222222'
set label 'hidden size 128 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine' at screen 0.017, screen 0.08769622 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 5000 updates · task reversal of 2 symbols · lines: loss of the batches, mean over 10 to 50 updates (a spike may be one of them) · points: test loss' at screen 0.017, screen 0.05634482 left font sized(0.86) textcolor rgb '#555555'
set label 'in training each step reads the right class before it (teacher forcing) · run reversal (953f89f9383f)' at screen 0.017, screen 0.02499342 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8439007; set bmargin at screen 0.7406384
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'gru', \
  keyentry with lines linetype 3 title 'lstm', \
  keyentry with points linetype 4 pointsize 0.75 title 'points: test loss, teacher forcing', \
  keyentry with points linetype 5 pointsize 1.1 title 'outlined: of own predictions', \
  keyentry with lines linetype 6 title 'chance: remembers nothing', \
  keyentry with points linetype 7 pointsize 1.7 title 'a seed solves the task'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: T = 10
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.3523333
set bmargin at screen 0.2102517; set tmargin at screen 0.6748663
set title 'T = 10' offset 0, lowered font sized(1)
set grid
set label 'update' at screen 0.5185, screen 0.1444795 center
set xlabel '' font sized(1)
set xrange [0.4679835:3.740363]
set xtics ('10' 1, '100' 2, '1000' 3, '0' 0.560598)
x_place(v) = v > 0 ? log10(v) : 0.560598
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? 0.560598 : x_place(column(c))
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-3.260762:0.09245383]
set ytics ('10^{−3}' -3, '10^{−2}' -2, '10^{−1}' -1, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -3.260762 ? -3.260762 : log10(v) > 0.09245383 ? 0.09245383 : log10(v)) : -3.260762
y_at(c) = strcol(c) eq 'inf' ? 0.09245383 : strcol(c) eq '-inf' ? -3.260762 : y_place(column(c))
unset colorbox
set arrow from graph 0, first -0.1591745 to graph 1, first -0.1591745 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 0 using (x_at(updates)):(y_at(loss)) with lines linetype 1 notitle, \
  data skip 1 index 1 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 2 using (x_at(updates)):(y_at(loss)) with points linetype 9 pointsize 1.1 notitle, \
  data skip 1 index 3 using (x_at(updates)):(y_at(loss)) with points linetype 10 pointsize 1.7 notitle, \
  data skip 1 index 4 using (x_at(updates)):(y_at(loss)) with lines linetype 2 notitle, \
  data skip 1 index 5 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 6 using (x_at(updates)):(y_at(loss)) with points linetype 12 pointsize 1.1 notitle, \
  data skip 1 index 7 using (x_at(updates)):(y_at(loss)) with points linetype 13 pointsize 1.7 notitle, \
  data skip 1 index 8 using (x_at(updates)):(y_at(loss)) with lines linetype 3 notitle, \
  data skip 1 index 9 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 10 using (x_at(updates)):(y_at(loss)) with points linetype 15 pointsize 1.1 notitle, \
  data skip 1 index 11 using (x_at(updates)):(y_at(loss)) with points linetype 16 pointsize 1.7 notitle

# Panel 2: T = 20
unset label; unset object; unset arrow
set lmargin at screen 0.3713333; set rmargin at screen 0.6656667
set bmargin at screen 0.2102517; set tmargin at screen 0.6748663
set title 'T = 20' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.8119653:3.740363]
set xtics ('10' 1, '100' 2, '1000' 3, '0' 0.8948444)
x_place(v) = v > 0 ? log10(v) : 0.8948444
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? 0.8948444 : x_place(column(c))
set ylabel '' font sized(1)
set yrange [-3.260762:0.09245383]
set ytics ('' -3, '' -2, '' -1, '' 0)
y_place(v) = v > 0 ? (log10(v) < -3.260762 ? -3.260762 : log10(v) > 0.09245383 ? 0.09245383 : log10(v)) : -3.260762
y_at(c) = strcol(c) eq 'inf' ? 0.09245383 : strcol(c) eq '-inf' ? -3.260762 : y_place(column(c))
unset colorbox
set arrow from graph 0, first -0.1591745 to graph 1, first -0.1591745 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 12 using (x_at(updates)):(y_at(loss)) with lines linetype 1 notitle, \
  data skip 1 index 13 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 14 using (x_at(updates)):(y_at(loss)) with points linetype 9 pointsize 1.1 notitle, \
  data skip 1 index 15 using (x_at(updates)):(y_at(loss)) with lines linetype 2 notitle, \
  data skip 1 index 16 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 17 using (x_at(updates)):(y_at(loss)) with points linetype 12 pointsize 1.1 notitle, \
  data skip 1 index 18 using (x_at(updates)):(y_at(loss)) with points linetype 13 pointsize 1.7 notitle, \
  data skip 1 index 19 using (x_at(updates)):(y_at(loss)) with lines linetype 3 notitle, \
  data skip 1 index 20 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 21 using (x_at(updates)):(y_at(loss)) with points linetype 15 pointsize 1.1 notitle, \
  data skip 1 index 22 using (x_at(updates)):(y_at(loss)) with points linetype 16 pointsize 1.7 notitle

# Panel 3: T = 40
unset label; unset object; unset arrow
set lmargin at screen 0.6846667; set rmargin at screen 0.979
set bmargin at screen 0.2102517; set tmargin at screen 0.6748663
set title 'T = 40' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1.143015:3.740363]
set xtics ('20' 1.30103, '50' 1.69897, '100' 2, '200' 2.30103, '500' 2.69897, '1000' 3, '2000' 3.30103, '5000' 3.69897, '0' 1.216525)
x_place(v) = v > 0 ? log10(v) : 1.216525
x_at(c) = strcol(c) eq 'inf' ? NaN : strcol(c) eq '-inf' ? 1.216525 : x_place(column(c))
set ylabel '' font sized(1)
set yrange [-3.260762:0.09245383]
set ytics ('' -3, '' -2, '' -1, '' 0)
y_place(v) = v > 0 ? (log10(v) < -3.260762 ? -3.260762 : log10(v) > 0.09245383 ? 0.09245383 : log10(v)) : -3.260762
y_at(c) = strcol(c) eq 'inf' ? 0.09245383 : strcol(c) eq '-inf' ? -3.260762 : y_place(column(c))
unset colorbox
set arrow from graph 0, first -0.1591745 to graph 1, first -0.1591745 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)
unset key
plot data skip 1 index 23 using (x_at(updates)):(y_at(loss)) with lines linetype 1 notitle, \
  data skip 1 index 24 using (x_at(updates)):(y_at(loss)) with points linetype 8 pointsize 0.75 notitle, \
  data skip 1 index 25 using (x_at(updates)):(y_at(loss)) with points linetype 9 pointsize 1.1 notitle, \
  data skip 1 index 26 using (x_at(updates)):(y_at(loss)) with lines linetype 2 notitle, \
  data skip 1 index 27 using (x_at(updates)):(y_at(loss)) with points linetype 11 pointsize 0.75 notitle, \
  data skip 1 index 28 using (x_at(updates)):(y_at(loss)) with points linetype 12 pointsize 1.1 notitle, \
  data skip 1 index 29 using (x_at(updates)):(y_at(loss)) with points linetype 13 pointsize 1.7 notitle, \
  data skip 1 index 30 using (x_at(updates)):(y_at(loss)) with lines linetype 3 notitle, \
  data skip 1 index 31 using (x_at(updates)):(y_at(loss)) with points linetype 14 pointsize 0.75 notitle, \
  data skip 1 index 32 using (x_at(updates)):(y_at(loss)) with points linetype 15 pointsize 1.1 notitle, \
  data skip 1 index 33 using (x_at(updates)):(y_at(loss)) with points linetype 16 pointsize 1.7 notitle

unset multiplot
unset output
