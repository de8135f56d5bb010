# Where in the sequence is the trained network wrong?
#
# What was learned of echo after 6 steps, step by step. Wrong outputs: rnn – 0 % at t = 7, 0 % at t = 40, most
# at t = 20 (less than 0.1 %); gru – 0 % at t = 7, 0 % at t = 40, most at t = 18 (less than 0.1 %); lstm – 0 %
# at t = 7, 0 % at t = 40, most at t = 23 (less than 0.1 %)
# median and quartiles over 2 seeds · hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip
# global-norm:1 · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 ·
# schedule cosine · lengths 20 to 40 · LSTM forget bias 1 · at most 2000 updates · task echo after 6 steps · of
# the whole test set at the end · run echo (64cf83838dc3)
# gradflow 0.1.0, run echo (64cf83838dc3)
#
# The data are in steps.csv beside this script. To draw it again, from any directory:
#   gnuplot -d steps.gp                       steps.svg and steps.png beside the script
#   gnuplot -d -e "format='pdf'" steps.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: eb0a3d0d56ed9c15feebbc44e1c1463d8fd285b872049b62cccbfa829581be4a

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
  set terminal svg size 1400, 680.596 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 681 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 681 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 680.596 / 96.0 enhanced \
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
set linetype 2 linecolor rgb '#009E73' linewidth 2 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 3 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 4 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold What was learned of echo after 6 steps, step by step}' at screen 0.017, screen 0.9526885 left font sized(1.3) textcolor rgb '#000000'
set label 'Wrong outputs: rnn – 0 % at t = 7, 0 % at t = 40, most at t = 20 (less than 0.1 %); gru – 0 % at t = 7, 0 % at t = 40, most at t = 18 (less than 0.1 %); lstm – 0 % at t = 7, 0 % at' at screen 0.017, screen 0.9115481 left font sized(1) textcolor rgb '#222222'
set label 't = 40, most at t = 23 (less than 0.1 %)' at screen 0.017, screen 0.8763731 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 2 seeds · hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005' at screen 0.017, screen 0.05286543 left font sized(0.86) textcolor rgb '#555555'
set label 'schedule cosine · lengths 20 to 40 · LSTM forget bias 1 · at most 2000 updates · task echo after 6 steps · of the whole test set at the end · run echo (64cf83838dc3)' at screen 0.017, screen 0.02345003 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8535401; set bmargin at screen 0.8212449
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'gru', \
  keyentry with lines linetype 3 title 'lstm', \
  keyentry with lines linetype 4 title 'chance: remembers nothing'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: 
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.4825
set bmargin at screen 0.1678529; set tmargin at screen 0.7965607
set title '' offset 0, lowered font sized(1)
set grid
set label 'step t of the sequence' at screen 0.5185, screen 0.1061423 center
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('10' 10, '20' 20, '30' 30, '40' 40)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 0 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using t:q25:q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using t:median with lines linetype 1 notitle, \
  data skip 1 index 1 using t:median with lines linetype 2 notitle, \
  data skip 1 index 2 using t:median with lines linetype 3 notitle

# Panel 2: 
unset label; unset object; unset arrow
set lmargin at screen 0.5545; set rmargin at screen 0.979
set bmargin at screen 0.1678529; set tmargin at screen 0.7965607
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('10' 10, '20' 20, '30' 30, '40' 40)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-3.536144:0.283317]
set ytics ('10^{−3}' -3, '10^{−2}' -2, '10^{−1}' -1, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -3.536144 ? -3.536144 : log10(v) > 0.283317 ? 0.283317 : log10(v)) : -3.536144
y_at(c) = strcol(c) eq 'inf' ? 0.283317 : strcol(c) eq '-inf' ? -3.536144 : y_place(column(c))
unset colorbox
$guide3 << EOD
7,0.1418555
8,0.1418555
9,0.1418555
10,0.1418555
11,0.1418555
12,0.1418555
13,0.1418555
14,0.1418555
15,0.1418555
16,0.1418555
17,0.1418555
18,0.1418555
19,0.1418555
20,0.1418555
21,0.1418555
22,0.1418555
23,0.1418555
24,0.1418555
25,0.1418555
26,0.1418555
27,0.1418555
28,0.1418555
29,0.1418555
30,0.1418555
31,0.1418555
32,0.1418555
33,0.1418555
34,0.1418555
35,0.1418555
36,0.1418555
37,0.1418555
38,0.1418555
39,0.1418555
40,0.1418555
EOD
unset key
plot data skip 1 index 3 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  $guide3 using 1:2 with lines linetype 4 notitle, \
  data skip 1 index 3 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 4 using t:(y_at(median)) with lines linetype 2 notitle, \
  data skip 1 index 5 using t:(y_at(median)) with lines linetype 3 notitle

unset multiplot
unset output
