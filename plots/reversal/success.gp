# Up to which sequence length is the task solved, and how fast?
#
# How often and how fast reversal of 2 symbols is solved. Longest sequences that at least half of the seeds
# solve: gru – T = 40 (1 of 1); lstm – T = 40 (1 of 1); rnn – T = 10 (1 of 1)
# 1 seed · hidden size 128 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · spectral
# radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine · LSTM forget bias 1
# · at most 5000 updates · task reversal of 2 symbols · error bars of shares: 95 % interval by Wilson · updates:
# median and quartiles of the solved seeds · points offset for clarity · run reversal (953f89f9383f)
# gradflow 0.1.0, run reversal (953f89f9383f)
#
# The data are in success.csv beside this script. To draw it again, from any directory:
#   gnuplot -d success.gp                       success.svg and success.png beside the script
#   gnuplot -d -e "format='pdf'" success.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 64275d1ce2ac047efb7763f0432bcffdcb9863f86a0e4273d96776be7555d947

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
data = directory . "success.csv"
target = exists("output") ? output : directory . "success." . format
if (format eq "svg") {
  set terminal svg size 1400, 723.856 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 724 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 724 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 723.856 / 96.0 enhanced \
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

# The columns of success.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; precision = 5; quantity = 6
solved = 7; seeds = 8; rate = 9; ci95_low = 10; ci95_high = 11; updates_median = 12
updates_q25 = 13; updates_q75 = 14; limit = 15

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#009E73' linewidth 2 dashtype solid pointtype 5 pointsize 1
set linetype 3 linecolor rgb '#D55E00' linewidth 2 dashtype solid pointtype 11 pointsize 1
set linetype 4 linecolor rgb '#888888' linewidth 2 dashtype solid pointtype 10 pointsize 1
set linetype 5 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 10 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold How often and how fast reversal of 2 symbols is solved}' at screen 0.017, screen 0.955516 left font sized(1.3) textcolor rgb '#000000'
set label 'Longest sequences that at least half of the seeds solve: gru – T = 40 (1 of 1); lstm – T = 40 (1 of 1); rnn – T = 10 (1 of 1)' at screen 0.017, screen 0.9168343 left font sized(1) textcolor rgb '#222222'
set label '1 seed · hidden size 128 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine' at screen 0.017, screen 0.07736345 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 5000 updates · task reversal of 2 symbols · error bars of shares: 95 % interval by Wilson · updates: median and quartiles of the solved seeds · points offset for clarity' at screen 0.017, screen 0.04970602 left font sized(0.86) textcolor rgb '#555555'
set label 'run reversal (953f89f9383f)' at screen 0.017, screen 0.02204858 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8953659; set bmargin at screen 0.8346356
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with linespoints linetype 1 pointsize 1 title 'rnn', \
  keyentry with linespoints linetype 2 pointsize 1 title 'gru', \
  keyentry with linespoints linetype 3 pointsize 1 title 'lstm', \
  keyentry with points linetype 4 pointsize 1.5 title 'no seed solved after 5000 updates'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: share of seeds that solve it
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.4825
set bmargin at screen 0.1854789; set tmargin at screen 0.776613
set title 'share of seeds that solve it' offset 0, lowered font sized(1)
set grid
set label 'sequence length T (steps)' at screen 0.5185, screen 0.1274563 center
set xlabel '' font sized(1)
set xrange [7:43]
set xtics ('10' 10, '20' 20, '40' 40)
set ylabel 'success rate' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
unset key
plot data skip 1 index 0 using (column(sequence_length) * 1 + -0.48):rate:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 every 1::0::2 using (column(sequence_length) * 1 + -0.48):rate with lines linetype 1 notitle, \
  data skip 1 index 0 using (column(sequence_length) * 1 + -0.48):rate with points linetype 1 pointsize 1.2 notitle, \
  data skip 1 index 3 using sequence_length:rate:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 3 every 1::0::2 using sequence_length:rate with lines linetype 2 notitle, \
  data skip 1 index 3 using sequence_length:rate with points linetype 2 pointsize 1.2 notitle, \
  data skip 1 index 5 using (column(sequence_length) * 1 + 0.48):rate:ci95_low:ci95_high with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 5 every 1::0::2 using (column(sequence_length) * 1 + 0.48):rate with lines linetype 3 notitle, \
  data skip 1 index 5 using (column(sequence_length) * 1 + 0.48):rate with points linetype 3 pointsize 1.2 notitle

# Panel 2: updates until it is solved
unset label; unset object; unset arrow
set lmargin at screen 0.5545; set rmargin at screen 0.979
set bmargin at screen 0.1854789; set tmargin at screen 0.776613
set title 'updates until it is solved' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [7:43]
set xtics ('10' 10, '20' 20, '40' 40)
set ylabel 'updates until solved' font sized(1)
set yrange [-200:5200]
set ytics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000, '4000' 4000, '5000' 5000)
y_place(v) = (v < -200 ? -200 : v > 5200 ? 5200 : v)
y_at(c) = strcol(c) eq 'inf' ? 5200 : strcol(c) eq '-inf' ? -200 : y_place(column(c))
unset colorbox
unset key
plot data skip 1 index 1 using (column(sequence_length) * 1 + -0.48):(y_at(updates_median)):(y_at(updates_q25)):(y_at(updates_q75)) with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 using (column(sequence_length) * 1 + -0.48):(y_at(updates_median)) with points linetype 1 pointsize 1.2 notitle, \
  data skip 1 index 2 using (column(sequence_length) * 1 + -0.48):(y_at(limit)) with points linetype 5 pointsize 1.5 notitle, \
  data skip 1 index 4 using sequence_length:(y_at(updates_median)):(y_at(updates_q25)):(y_at(updates_q75)) with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 4 every 1::0::2 using sequence_length:(y_at(updates_median)) with lines linetype 2 notitle, \
  data skip 1 index 4 using sequence_length:(y_at(updates_median)) with points linetype 2 pointsize 1.2 notitle, \
  data skip 1 index 6 using (column(sequence_length) * 1 + 0.48):(y_at(updates_median)):(y_at(updates_q25)):(y_at(updates_q75)) with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 6 every 1::0::2 using (column(sequence_length) * 1 + 0.48):(y_at(updates_median)) with lines linetype 3 notitle, \
  data skip 1 index 6 using (column(sequence_length) * 1 + 0.48):(y_at(updates_median)) with points linetype 3 pointsize 1.2 notitle

unset multiplot
unset output
