# Where in the sequence is the trained network wrong?
#
# What was learned of reversal of 2 symbols, step by step. At T = 40, wrong outputs of own predictions: rnn –
# 0 % at t = 1, 51.7 % at t = 40, most at t = 33 (52.8 %); gru – 0 % at t = 1, 0.4 % at t = 40; lstm – 0 % at
# t = 1, 0 % at t = 40, most at t = 28 (0.2 %)
# 1 seed · hidden size 128 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 ·
# spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine · LSTM
# forget bias 1 · at most 5000 updates · task reversal of 2 symbols · of the whole test set at the end · run
# reversal (953f89f9383f)
# gradflow 0.1.0, run reversal (953f89f9383f)
#
# The data are in steps.csv beside this script. To draw it again, from any directory:
#   gnuplot -d steps.gp                       steps.svg and steps.png beside the script
#   gnuplot -d -e "format='pdf'" steps.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 655555672c110f8284995089e2c70df15683cf1f3abeb2cc45e7d82a5862bb9c

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
  set terminal svg size 1400, 1256.08 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1256 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 1256 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1256.08 / 96.0 enhanced \
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
set linetype 4 linecolor rgb '#666666' linewidth 2 dashtype solid pointtype 0 pointsize 1
set linetype 5 linecolor rgb '#666666' linewidth 1.8 dashtype (2,4) pointtype 6 pointsize 1
set linetype 6 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 7 linecolor rgb '#0072B2' linewidth 1.8 dashtype (2,4) pointtype 0 pointsize 1
set linetype 8 linecolor rgb '#0072B2' linewidth 1 dashtype solid pointtype 6 pointsize 1
set linetype 9 linecolor rgb '#009E73' linewidth 1.8 dashtype (2,4) pointtype 0 pointsize 1
set linetype 10 linecolor rgb '#009E73' linewidth 1 dashtype (10,4,3,4) pointtype 4 pointsize 1
set linetype 11 linecolor rgb '#D55E00' linewidth 1.8 dashtype (2,4) pointtype 0 pointsize 1
set linetype 12 linecolor rgb '#D55E00' linewidth 1 dashtype (12,5) pointtype 10 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold What was learned of reversal of 2 symbols, step by step}' at screen 0.017, screen 0.9743647 left font sized(1.3) textcolor rgb '#000000'
set label 'At T = 40, wrong outputs of own predictions: rnn – 0 % at t = 1, 51.7 % at t = 40, most at t = 33 (52.8 %); gru – 0 % at t = 1, 0.4 % at t = 40; lstm – 0 % at t = 1, 0 % at t = 40, most' at screen 0.017, screen 0.9520731 left font sized(1) textcolor rgb '#222222'
set label 'at t = 28 (0.2 %)' at screen 0.017, screen 0.9330138 left font sized(1) textcolor rgb '#222222'
set label '1 seed · hidden size 128 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine' at screen 0.017, screen 0.02864467 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 5000 updates · task reversal of 2 symbols · of the whole test set at the end · run reversal (953f89f9383f)' at screen 0.017, screen 0.0127062 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.920642; set bmargin at screen 0.8856442
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'gru', \
  keyentry with lines linetype 3 title 'lstm', \
  keyentry with lines linetype 4 title 'lines: teacher forcing', \
  keyentry with linespoints linetype 5 pointsize 0.9 title 'dotted, outlined: own predictions', \
  keyentry with lines linetype 6 title 'chance: remembers nothing'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: T = 10
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.4825
set bmargin at screen 0.6214891; set tmargin at screen 0.8522069
set title 'T = 10' offset 0, lowered font sized(1)
set grid
set label 'step t of the sequence' at screen 0.5185, screen 0.05751226 center
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('' 10, '' 20, '' 30, '' 40)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 0 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using t:q25:q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using t:median with lines linetype 1 notitle, \
  data skip 1 index 1 using t:median with lines linetype 7 notitle, \
  data skip 1 index 1 using t:median with points linetype 8 pointsize 0.9 notitle, \
  data skip 1 index 2 using t:median with lines linetype 2 notitle, \
  data skip 1 index 3 using t:median with lines linetype 9 notitle, \
  data skip 1 index 3 using t:median with points linetype 10 pointsize 0.9 notitle, \
  data skip 1 index 4 using t:median with lines linetype 3 notitle, \
  data skip 1 index 5 using t:median with lines linetype 11 notitle, \
  data skip 1 index 5 using t:median with points linetype 12 pointsize 0.9 notitle

# Panel 2: T = 10
unset label; unset object; unset arrow
set lmargin at screen 0.5545; set rmargin at screen 0.979
set bmargin at screen 0.6214891; set tmargin at screen 0.8522069
set title 'T = 10' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('' 10, '' 20, '' 30, '' 40)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-4.403814:0.005992225]
set ytics ('10^{−4}' -4, '10^{−3}' -3, '10^{−2}' -2, '10^{−1}' -1, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -4.403814 ? -4.403814 : log10(v) > 0.005992225 ? 0.005992225 : log10(v)) : -4.403814
y_at(c) = strcol(c) eq 'inf' ? 0.005992225 : strcol(c) eq '-inf' ? -4.403814 : y_place(column(c))
unset colorbox
$guide3 << EOD
1,-0.1591745
2,-0.1591745
3,-0.1591745
4,-0.1591745
5,-0.1591745
6,-0.1591745
7,-0.1591745
8,-0.1591745
9,-0.1591745
10,-0.1591745
EOD
unset key
plot data skip 1 index 6 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 8 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 10 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  $guide3 using 1:2 with lines linetype 6 notitle, \
  data skip 1 index 6 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 7 using t:(y_at(median)) with lines linetype 7 notitle, \
  data skip 1 index 7 using t:(y_at(median)) with points linetype 8 pointsize 0.9 notitle, \
  data skip 1 index 8 using t:(y_at(median)) with lines linetype 2 notitle, \
  data skip 1 index 9 using t:(y_at(median)) with lines linetype 9 notitle, \
  data skip 1 index 9 using t:(y_at(median)) with points linetype 10 pointsize 0.9 notitle, \
  data skip 1 index 10 using t:(y_at(median)) with lines linetype 3 notitle, \
  data skip 1 index 11 using t:(y_at(median)) with lines linetype 11 notitle, \
  data skip 1 index 11 using t:(y_at(median)) with points linetype 12 pointsize 0.9 notitle

# Panel 3: T = 20
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.4825
set bmargin at screen 0.3562193; set tmargin at screen 0.5869371
set title 'T = 20' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('' 10, '' 20, '' 30, '' 40)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 12 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 14 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 16 using t:q25:q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 12 using t:median with lines linetype 1 notitle, \
  data skip 1 index 13 using t:median with lines linetype 7 notitle, \
  data skip 1 index 13 every 2 using t:median with points linetype 8 pointsize 0.9 notitle, \
  data skip 1 index 14 using t:median with lines linetype 2 notitle, \
  data skip 1 index 15 using t:median with lines linetype 9 notitle, \
  data skip 1 index 15 every 2 using t:median with points linetype 10 pointsize 0.9 notitle, \
  data skip 1 index 16 using t:median with lines linetype 3 notitle, \
  data skip 1 index 17 using t:median with lines linetype 11 notitle, \
  data skip 1 index 17 every 2 using t:median with points linetype 12 pointsize 0.9 notitle

# Panel 4: T = 20
unset label; unset object; unset arrow
set lmargin at screen 0.5545; set rmargin at screen 0.979
set bmargin at screen 0.3562193; set tmargin at screen 0.5869371
set title 'T = 20' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('' 10, '' 20, '' 30, '' 40)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-4.403814:0.005992225]
set ytics ('10^{−4}' -4, '10^{−3}' -3, '10^{−2}' -2, '10^{−1}' -1, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -4.403814 ? -4.403814 : log10(v) > 0.005992225 ? 0.005992225 : log10(v)) : -4.403814
y_at(c) = strcol(c) eq 'inf' ? 0.005992225 : strcol(c) eq '-inf' ? -4.403814 : y_place(column(c))
unset colorbox
$guide3 << EOD
1,-0.1591745
2,-0.1591745
3,-0.1591745
4,-0.1591745
5,-0.1591745
6,-0.1591745
7,-0.1591745
8,-0.1591745
9,-0.1591745
10,-0.1591745
11,-0.1591745
12,-0.1591745
13,-0.1591745
14,-0.1591745
15,-0.1591745
16,-0.1591745
17,-0.1591745
18,-0.1591745
19,-0.1591745
20,-0.1591745
EOD
unset key
plot data skip 1 index 18 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 20 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 22 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  $guide3 using 1:2 with lines linetype 6 notitle, \
  data skip 1 index 18 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 19 using t:(y_at(median)) with lines linetype 7 notitle, \
  data skip 1 index 19 every 2 using t:(y_at(median)) with points linetype 8 pointsize 0.9 notitle, \
  data skip 1 index 20 using t:(y_at(median)) with lines linetype 2 notitle, \
  data skip 1 index 21 using t:(y_at(median)) with lines linetype 9 notitle, \
  data skip 1 index 21 every 2 using t:(y_at(median)) with points linetype 10 pointsize 0.9 notitle, \
  data skip 1 index 22 using t:(y_at(median)) with lines linetype 3 notitle, \
  data skip 1 index 23 using t:(y_at(median)) with lines linetype 11 notitle, \
  data skip 1 index 23 every 2 using t:(y_at(median)) with points linetype 12 pointsize 0.9 notitle

# Panel 5: T = 40
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.4825
set bmargin at screen 0.09094962; set tmargin at screen 0.3216674
set title 'T = 40' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('10' 10, '20' 20, '30' 30, '40' 40)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 24 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 26 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 28 using t:q25:q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 24 using t:median with lines linetype 1 notitle, \
  data skip 1 index 25 using t:median with lines linetype 7 notitle, \
  data skip 1 index 25 every 4 using t:median with points linetype 8 pointsize 0.9 notitle, \
  data skip 1 index 26 using t:median with lines linetype 2 notitle, \
  data skip 1 index 27 using t:median with lines linetype 9 notitle, \
  data skip 1 index 27 every 4 using t:median with points linetype 10 pointsize 0.9 notitle, \
  data skip 1 index 28 using t:median with lines linetype 3 notitle, \
  data skip 1 index 29 using t:median with lines linetype 11 notitle, \
  data skip 1 index 29 every 4 using t:median with points linetype 12 pointsize 0.9 notitle

# Panel 6: T = 40
unset label; unset object; unset arrow
set lmargin at screen 0.5545; set rmargin at screen 0.979
set bmargin at screen 0.09094962; set tmargin at screen 0.3216674
set title 'T = 40' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:40]
set xtics ('10' 10, '20' 20, '30' 30, '40' 40)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-4.403814:0.005992225]
set ytics ('10^{−4}' -4, '10^{−3}' -3, '10^{−2}' -2, '10^{−1}' -1, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -4.403814 ? -4.403814 : log10(v) > 0.005992225 ? 0.005992225 : log10(v)) : -4.403814
y_at(c) = strcol(c) eq 'inf' ? 0.005992225 : strcol(c) eq '-inf' ? -4.403814 : y_place(column(c))
unset colorbox
$guide3 << EOD
1,-0.1591745
2,-0.1591745
3,-0.1591745
4,-0.1591745
5,-0.1591745
6,-0.1591745
7,-0.1591745
8,-0.1591745
9,-0.1591745
10,-0.1591745
11,-0.1591745
12,-0.1591745
13,-0.1591745
14,-0.1591745
15,-0.1591745
16,-0.1591745
17,-0.1591745
18,-0.1591745
19,-0.1591745
20,-0.1591745
21,-0.1591745
22,-0.1591745
23,-0.1591745
24,-0.1591745
25,-0.1591745
26,-0.1591745
27,-0.1591745
28,-0.1591745
29,-0.1591745
30,-0.1591745
31,-0.1591745
32,-0.1591745
33,-0.1591745
34,-0.1591745
35,-0.1591745
36,-0.1591745
37,-0.1591745
38,-0.1591745
39,-0.1591745
40,-0.1591745
EOD
unset key
plot data skip 1 index 30 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 32 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 34 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  $guide3 using 1:2 with lines linetype 6 notitle, \
  data skip 1 index 30 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 31 using t:(y_at(median)) with lines linetype 7 notitle, \
  data skip 1 index 31 every 4 using t:(y_at(median)) with points linetype 8 pointsize 0.9 notitle, \
  data skip 1 index 32 using t:(y_at(median)) with lines linetype 2 notitle, \
  data skip 1 index 33 using t:(y_at(median)) with lines linetype 9 notitle, \
  data skip 1 index 33 every 4 using t:(y_at(median)) with points linetype 10 pointsize 0.9 notitle, \
  data skip 1 index 34 using t:(y_at(median)) with lines linetype 3 notitle, \
  data skip 1 index 35 using t:(y_at(median)) with lines linetype 11 notitle, \
  data skip 1 index 35 every 4 using t:(y_at(median)) with points linetype 12 pointsize 0.9 notitle

unset multiplot
unset output
