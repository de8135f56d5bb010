# Where in the sequence is the trained network wrong?
#
# What was learned of text, step by step. Wrong outputs: rnn, no clipping, learning rate 3 – 95.3 % at t = 1,
# 95.5 % at t = 50, most at t = 17 (98.2 %); lstm, no clipping, learning rate 3 – 82.7 % at t = 1, 54.3 % at
# t = 50; rnn, clip 0.5, learning rate 3 – 83.3 % at t = 1, 58 % at t = 50; lstm, clip 0.5, learning rate 3 –
# 87 % at t = 1, 56.3 % at t = 50 (and 4 others)
# median and quartiles over 2 seeds · hidden size 64 · batch 16 · sequence length T = 50 · input scale 1 ·
# initializer gaussian · float32 · spectral radius 1 at the start · optimizer sgd · truncation k1:k2 = 25:50 ·
# LSTM forget bias 1 · at most 1000 updates · task text · of the whole test set at the end · each loss has a y
# axis of its own · run text-training (a81125c945b5)
# gradflow 0.1.0, run text-training (a81125c945b5)
#
# The data are in steps.csv beside this script. To draw it again, from any directory:
#   gnuplot -d steps.gp                       steps.svg and steps.png beside the script
#   gnuplot -d -e "format='pdf'" steps.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 0f02211310bc51dc17d64708339ef2cab2eee456cc4540012d66aaedf58e4c4f

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
  set terminal svg size 1400, 1567.3 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1567 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 1567 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1567.3 / 96.0 enhanced \
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
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; learning_rate = 5; quantity = 6
t = 7; median = 8; q25 = 9; q75 = 10; seeds = 11

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold What was learned of text, step by step}' at screen 0.017, screen 0.9794551 left font sized(1.3) textcolor rgb '#000000'
set label 'Wrong outputs: rnn, no clipping, learning rate 3 – 95.3 % at t = 1, 95.5 % at t = 50, most at t = 17 (98.2 %); lstm, no clipping, learning rate 3 – 82.7 % at t = 1, 54.3 % at t = 50;' at screen 0.017, screen 0.96159 left font sized(1) textcolor rgb '#222222'
set label 'rnn, clip 0.5, learning rate 3 – 83.3 % at t = 1, 58 % at t = 50; lstm, clip 0.5, learning rate 3 – 87 % at t = 1, 56.3 % at t = 50 (and 4 others)' at screen 0.017, screen 0.9463153 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 2 seeds · hidden size 64 · batch 16 · sequence length T = 50 · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer sgd · truncation k1:k2 = 25:50' at screen 0.017, screen 0.02295668 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 1000 updates · task text · of the whole test set at the end · each loss has a y axis of its own · run text-training (a81125c945b5)' at screen 0.017, screen 0.01018312 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9364002; set bmargin at screen 0.9223761
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

# Panel 1: no clipping, learning rate 3
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.47975
set bmargin at screen 0.7106744; set tmargin at screen 0.8955784
set title 'no clipping, learning rate 3' offset 0, lowered font sized(1)
set grid
set label 'step t of the sequence' at screen 0.51575, screen 0.04609201 center
set xlabel '' font sized(1)
set xrange [1:50]
set xtics ('' 10, '' 20, '' 30, '' 40, '' 50)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 0 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using t:median with lines linetype 1 notitle, \
  data skip 1 index 1 using t:median with lines linetype 2 notitle

# Panel 2: no clipping, learning rate 3
unset label; unset object; unset arrow
set lmargin at screen 0.55175; set rmargin at screen 0.979
set bmargin at screen 0.7106744; set tmargin at screen 0.8955784
set title 'no clipping, learning rate 3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:50]
set xtics ('' 10, '' 20, '' 30, '' 40, '' 50)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-2.268182:58.97274]
set ytics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40, '50' 50)
y_place(v) = (v < -2.268182 ? -2.268182 : v > 58.97274 ? 58.97274 : v)
y_at(c) = strcol(c) eq 'inf' ? 58.97274 : strcol(c) eq '-inf' ? -2.268182 : y_place(column(c))
unset colorbox
$guide2 << EOD
1,3.068366
2,3.068366
3,3.068366
4,3.068366
5,3.068366
6,3.068366
7,3.068366
8,3.068366
9,3.068366
10,3.068366
11,3.068366
12,3.068366
13,3.068366
14,3.068366
15,3.068366
16,3.068366
17,3.068366
18,3.068366
19,3.068366
20,3.068366
21,3.068366
22,3.068366
23,3.068366
24,3.068366
25,3.068366
26,3.068366
27,3.068366
28,3.068366
29,3.068366
30,3.068366
31,3.068366
32,3.068366
33,3.068366
34,3.068366
35,3.068366
36,3.068366
37,3.068366
38,3.068366
39,3.068366
40,3.068366
41,3.068366
42,3.068366
43,3.068366
44,3.068366
45,3.068366
46,3.068366
47,3.068366
48,3.068366
49,3.068366
50,3.068366
EOD
unset key
plot data skip 1 index 2 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  $guide2 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 2 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 3 using t:(y_at(median)) with lines linetype 2 notitle

# Panel 3: clip 0.5, learning rate 3
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.47975
set bmargin at screen 0.4980795; set tmargin at screen 0.6829835
set title 'clip 0.5, learning rate 3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:50]
set xtics ('' 10, '' 20, '' 30, '' 40, '' 50)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 4 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using t:median with lines linetype 1 notitle, \
  data skip 1 index 5 using t:median with lines linetype 2 notitle

# Panel 4: clip 0.5, learning rate 3
unset label; unset object; unset arrow
set lmargin at screen 0.55175; set rmargin at screen 0.979
set bmargin at screen 0.4980795; set tmargin at screen 0.6829835
set title 'clip 0.5, learning rate 3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:50]
set xtics ('' 10, '' 20, '' 30, '' 40, '' 50)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-0.1526136:3.967953]
set ytics ('0' 0, '1' 1, '2' 2, '3' 3)
y_place(v) = (v < -0.1526136 ? -0.1526136 : v > 3.967953 ? 3.967953 : v)
y_at(c) = strcol(c) eq 'inf' ? 3.967953 : strcol(c) eq '-inf' ? -0.1526136 : y_place(column(c))
unset colorbox
$guide2 << EOD
1,3.068366
2,3.068366
3,3.068366
4,3.068366
5,3.068366
6,3.068366
7,3.068366
8,3.068366
9,3.068366
10,3.068366
11,3.068366
12,3.068366
13,3.068366
14,3.068366
15,3.068366
16,3.068366
17,3.068366
18,3.068366
19,3.068366
20,3.068366
21,3.068366
22,3.068366
23,3.068366
24,3.068366
25,3.068366
26,3.068366
27,3.068366
28,3.068366
29,3.068366
30,3.068366
31,3.068366
32,3.068366
33,3.068366
34,3.068366
35,3.068366
36,3.068366
37,3.068366
38,3.068366
39,3.068366
40,3.068366
41,3.068366
42,3.068366
43,3.068366
44,3.068366
45,3.068366
46,3.068366
47,3.068366
48,3.068366
49,3.068366
50,3.068366
EOD
unset key
plot data skip 1 index 6 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 7 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  $guide2 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 6 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 7 using t:(y_at(median)) with lines linetype 2 notitle

# Panel 5: no clipping, learning rate 0.3
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.47975
set bmargin at screen 0.2854846; set tmargin at screen 0.4703886
set title 'no clipping, learning rate 0.3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:50]
set xtics ('' 10, '' 20, '' 30, '' 40, '' 50)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 8 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 9 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 8 using t:median with lines linetype 1 notitle, \
  data skip 1 index 9 using t:median with lines linetype 2 notitle

# Panel 6: no clipping, learning rate 0.3
unset label; unset object; unset arrow
set lmargin at screen 0.55175; set rmargin at screen 0.979
set bmargin at screen 0.2854846; set tmargin at screen 0.4703886
set title 'no clipping, learning rate 0.3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:50]
set xtics ('' 10, '' 20, '' 30, '' 40, '' 50)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-0.1428154:3.713201]
set ytics ('0' 0, '1' 1, '2' 2, '3' 3)
y_place(v) = (v < -0.1428154 ? -0.1428154 : v > 3.713201 ? 3.713201 : v)
y_at(c) = strcol(c) eq 'inf' ? 3.713201 : strcol(c) eq '-inf' ? -0.1428154 : y_place(column(c))
unset colorbox
$guide2 << EOD
1,3.068366
2,3.068366
3,3.068366
4,3.068366
5,3.068366
6,3.068366
7,3.068366
8,3.068366
9,3.068366
10,3.068366
11,3.068366
12,3.068366
13,3.068366
14,3.068366
15,3.068366
16,3.068366
17,3.068366
18,3.068366
19,3.068366
20,3.068366
21,3.068366
22,3.068366
23,3.068366
24,3.068366
25,3.068366
26,3.068366
27,3.068366
28,3.068366
29,3.068366
30,3.068366
31,3.068366
32,3.068366
33,3.068366
34,3.068366
35,3.068366
36,3.068366
37,3.068366
38,3.068366
39,3.068366
40,3.068366
41,3.068366
42,3.068366
43,3.068366
44,3.068366
45,3.068366
46,3.068366
47,3.068366
48,3.068366
49,3.068366
50,3.068366
EOD
unset key
plot data skip 1 index 10 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 11 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  $guide2 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 10 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 11 using t:(y_at(median)) with lines linetype 2 notitle

# Panel 7: clip 0.5, learning rate 0.3
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.47975
set bmargin at screen 0.07288968; set tmargin at screen 0.2577937
set title 'clip 0.5, learning rate 0.3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:50]
set xtics ('10' 10, '20' 20, '30' 30, '40' 40, '50' 50)
set ylabel 'share of wrong outputs' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 12 using t:q25:q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 13 using t:q25:q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 12 using t:median with lines linetype 1 notitle, \
  data skip 1 index 13 using t:median with lines linetype 2 notitle

# Panel 8: clip 0.5, learning rate 0.3
unset label; unset object; unset arrow
set lmargin at screen 0.55175; set rmargin at screen 0.979
set bmargin at screen 0.07288968; set tmargin at screen 0.2577937
set title 'clip 0.5, learning rate 0.3' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [1:50]
set xtics ('10' 10, '20' 20, '30' 30, '40' 40, '50' 50)
set ylabel 'loss (cross entropy, nats)' font sized(1)
set yrange [-0.1432096:3.723449]
set ytics ('0' 0, '1' 1, '2' 2, '3' 3)
y_place(v) = (v < -0.1432096 ? -0.1432096 : v > 3.723449 ? 3.723449 : v)
y_at(c) = strcol(c) eq 'inf' ? 3.723449 : strcol(c) eq '-inf' ? -0.1432096 : y_place(column(c))
unset colorbox
$guide2 << EOD
1,3.068366
2,3.068366
3,3.068366
4,3.068366
5,3.068366
6,3.068366
7,3.068366
8,3.068366
9,3.068366
10,3.068366
11,3.068366
12,3.068366
13,3.068366
14,3.068366
15,3.068366
16,3.068366
17,3.068366
18,3.068366
19,3.068366
20,3.068366
21,3.068366
22,3.068366
23,3.068366
24,3.068366
25,3.068366
26,3.068366
27,3.068366
28,3.068366
29,3.068366
30,3.068366
31,3.068366
32,3.068366
33,3.068366
34,3.068366
35,3.068366
36,3.068366
37,3.068366
38,3.068366
39,3.068366
40,3.068366
41,3.068366
42,3.068366
43,3.068366
44,3.068366
45,3.068366
46,3.068366
47,3.068366
48,3.068366
49,3.068366
50,3.068366
EOD
unset key
plot data skip 1 index 14 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 15 using t:(y_at(q25)):(y_at(q75)) with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  $guide2 using 1:2 with lines linetype 3 notitle, \
  data skip 1 index 14 using t:(y_at(median)) with lines linetype 1 notitle, \
  data skip 1 index 15 using t:(y_at(median)) with lines linetype 2 notitle

unset multiplot
unset output
