# Where in the sequence is the trained network wrong?
#
# What was learned of copy-memory, step by step. At T = 120, wrong outputs: rnn – 0 % at t = 1, 87.9 % at
# t = 120, most at t = 113 (88.5 %); lstm – 0 % at t = 1, 81 % at t = 120, most at t = 117 (82.1 %)
# median and quartiles over 2 seeds · hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip
# global-norm:1 · float32 · spectral radius 1 at the start · optimizer rmsprop:0.99 · learning rate 0.002 · LSTM
# forget bias 1 · readout starts at chance · at most 3000 updates · task copy-memory · of the whole test set at
# the end · run copy-memory (884024d43100)
# gradflow 0.1.0, run copy-memory (884024d43100)
#
# The data are in steps.csv beside this script. To draw it again, from any directory:
#   gnuplot -d steps.gp                       steps.svg and steps.png beside the script
#   gnuplot -d -e "format='pdf'" steps.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 5545faf375b829a07ae1a00888e15c1f87139581a51bfbcdf48cde975fc80c22

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
data = directory . "steps.csv"
target = exists("output") ? output : directory . "steps." . format
if (format eq "svg") {
  set terminal svg size 1400, 876.96 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 877 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 877 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 876.96 / 96.0 enhanced \
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

# The columns of steps.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; quantity = 5; t = 6; median = 7
q25 = 8; q75 = 9; seeds = 10

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold What was learned of copy-memory, step by step}' at screen 0.017, screen 0.9632822 left font sized(1.3) textcolor rgb '#000000'
set label 'At T = 120, wrong outputs: rnn – 0 % at t = 1, 87.9 % at t = 120, most at t = 113 (88.5 %); lstm – 0 % at t = 1, 81 % at t = 120, most at t = 117 (82.1 %)' at screen 0.017, screen 0.9313538 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 2 seeds · hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral radius 1 at the start · optimizer rmsprop:0.99 · learning rate 0.002' at screen 0.017, screen 0.0410281 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · readout starts at chance · at most 3000 updates · task copy-memory · of the whole test set at the end · run copy-memory (884024d43100)' at screen 0.017, screen 0.01819923 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9136335; set bmargin at screen 0.8885696
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm', \
  keyentry with lines linetype 3 title 'chance: remembers nothing'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: T = 40
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.48525
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'T = 40' offset 0, lowered font sized(1)
set grid
set label 'step t of the sequence' at screen 0.52125, screen 0.08237548 center
set xlabel '' font sized(1)
set xrange [1:120]
set xtics ('' 50, '' 100)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 0 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using t:median with lines linetype 1 notitle, \
  data skip 1 index 1 using t:median with lines linetype 2 notitle

# Panel 2: T = 40
unset label; unset object; unset arrow
set lmargin at screen 0.55725; set rmargin at screen 0.979
set bmargin at screen 0.5102171; set tmargin at screen 0.8406769
set title 'T = 40' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:120]
set xtics ('' 50, '' 100)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-10.2888:0.7274875]
set ytics ('10^{−10}' -10, '10^{−8}' -8, '10^{−6}' -6, '10^{−4}' -4, '10^{−2}' -2, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -10.2888 ? -10.2888 : log10(v) > 0.7274875 ? 0.7274875 : log10(v)) : -10.2888
y_at(c) = strcol(c) eq 'inf' ? 0.7274875 : strcol(c) eq '-inf' ? -10.2888 : y_place(column(c))
unset colorbox
$guide2 << EOD
31,0.3179467
32,0.3179467
33,0.3179467
34,0.3179467
35,0.3179467
36,0.3179467
37,0.3179467
38,0.3179467
39,0.3179467
40,0.3179467
EOD
unset key
plot data skip 1 index 2 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  $guide2 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 2 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 3 using t:(y_at(median)) with lines linetype 2 notitle

# Panel 3: T = 120
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.48525
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'T = 120' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:120]
set xtics ('50' 50, '100' 100)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 4 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using t:median with lines linetype 1 notitle, \
  data skip 1 index 5 using t:median with lines linetype 2 notitle

# Panel 4: T = 120
unset label; unset object; unset arrow
set lmargin at screen 0.55725; set rmargin at screen 0.979
set bmargin at screen 0.1302682; set tmargin at screen 0.460728
set title 'T = 120' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:120]
set xtics ('50' 50, '100' 100)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-10.2888:0.7274875]
set ytics ('10^{−10}' -10, '10^{−8}' -8, '10^{−6}' -6, '10^{−4}' -4, '10^{−2}' -2, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -10.2888 ? -10.2888 : log10(v) > 0.7274875 ? 0.7274875 : log10(v)) : -10.2888
y_at(c) = strcol(c) eq 'inf' ? 0.7274875 : strcol(c) eq '-inf' ? -10.2888 : y_place(column(c))
unset colorbox
$guide2 << EOD
111,0.3179467
112,0.3179467
113,0.3179467
114,0.3179467
115,0.3179467
116,0.3179467
117,0.3179467
118,0.3179467
119,0.3179467
120,0.3179467
EOD
unset key
plot data skip 1 index 6 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 7 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  $guide2 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 6 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 7 using t:(y_at(median)) with lines linetype 2 notitle

unset multiplot
unset output
