# Up to which sequence length is the task solved, and how fast?
#
# The data are in success.csv beside this script. To draw it again, from any directory:
#   gnuplot -d success.gp                       success.svg and success.png beside the script
#   gnuplot -d -e "format='pdf'" success.gp     svg, png, pdf, or dumb for a terminal

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
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 930 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 930 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 930 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 930 / 96.0 enhanced \
    font "DejaVu Sans,10.5"
}
if (paged) {
  if (!exists("columns")) { columns = 80 }
  if (!exists("rows")) { rows = 24 }
  set terminal dumb nofeed size columns, rows mono noenhanced
  set print "-"
} else {
  set output target
}

sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? 14 : 10.5))
key_font = sized(0.85)
# The svg terminal sets panel titles higher than the others.
lowered = (format eq "svg") ? -0.6 : 0
set datafile separator comma
set style fill transparent solid 0.16 noborder

# The columns of success.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; quantity = 5; solved = 6; seeds = 7
rate = 8; ci95_low = 9; ci95_high = 10; updates_median = 11; updates_q25 = 12; updates_q75 = 13

set linetype 1 linecolor rgb '#000000' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold How often and how fast adding is solved}' at screen 0.01714286, screen 0.9655914 left font sized(1.3) textcolor rgb '#000000'
  set label 'Seeds that solve the task at T = 100: rnn: no clipping – 0 of 3, global-norm:1 – 0 of 3; lstm, forget bias 1: no clipping – 1 of 3 after 2600 updates, global-norm:1 – 1 of 3 after 2600' at screen 0.01714286, screen 0.9354839 left font sized(1) textcolor rgb '#222222'
  set label 'updates' at screen 0.01714286, screen 0.9096774 left font sized(1) textcolor rgb '#222222'
  set label 'share over 3 seeds · hidden size 64 · batch 32 · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · LSTM forget bias 1' at screen 0.01714286, screen 0.03870968 left font sized(0.86) textcolor rgb '#555555'
  set label 'readout starts at chance · at most 3000 updates · task adding · left: error bars, 95 % interval by Wilson · right: median and quartiles of the solved seeds · points offset for clarity · run adding-rnn-vs-lstm' at screen 0.01714286, screen 0.0172043 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'How often and how fast adding is solved' }
if (paged) { print 'Seeds that solve the task at T = 100: rnn: no clipping – 0 of 3, global-norm:1' }
if (paged) { print '– 0 of 3; lstm, forget bias 1: no clipping – 1 of 3 after 2600 updates,' }
if (paged) { print 'global-norm:1 – 1 of 3 after 2600 updates' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8924731
  set bmargin at screen 0.8688172
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with linespoints linetype 1 title 'no clipping', \
    keyentry with linespoints linetype 2 title 'global-norm:1', \
    keyentry with points pointtype 10 pointsize 1.5 linewidth 2 linecolor rgb '#444444' title 'no seed solved after 3000 updates'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
level(c) = strcol(c) eq 'inf' ? 3120 : column(c)
set xrange [99.5:100.5]
set xtics ('100' 100)
limit_level = 3000

# Panel 1: rnn: share of seeds that solve the task
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.4957143
  set bmargin at screen 0.5053763; set tmargin at screen 0.8172043
}
set title 'rnn: share of seeds that solve the task' noenhanced offset 0, lowered
set xlabel (paged ? 'sequence length T (steps)' : '')
set ylabel (paged ? 'success rate' : 'success rate')
set format x (paged ? '%g' : '')
set yrange [-0.04:1.04]; set ytics 0, 0.2, 1; set format y '%g'
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using (column(sequence_length) + -0.008):rate:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 using (column(sequence_length) + -0.008):rate with linespoints linetype 1 pointsize 1.2 notitle, \
  for [i=1:bands] data skip 1 index 1 using (column(sequence_length) + 0.008):rate:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 using (column(sequence_length) + 0.008):rate with linespoints linetype 2 pointsize 1.2 notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:1', \
  keyentry with points pointtype 10 pointsize 1.5 linewidth 2 linecolor rgb '#444444' title 'no seed solved after 3000 updates'

# Panel 2: rnn: updates until the task is solved
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5671429; set rmargin at screen 0.9785714
  set bmargin at screen 0.5053763; set tmargin at screen 0.8172043
}
set title 'rnn: updates until the task is solved' noenhanced offset 0, lowered
set xlabel (paged ? 'sequence length T (steps)' : '')
set ylabel (paged ? '' : '')
set format x (paged ? '%g' : '')
set ylabel 'updates'
set yrange [-120:3120]
set ytics 0, 500, 3000
set format y (paged ? '%g' : '%g')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 2 using (column(sequence_length) + -0.008):(limit_level) with points linetype 1 pointtype 10 pointsize 1.5 linewidth 2 notitle, \
  data skip 1 index 3 using (column(sequence_length) + 0.008):(limit_level) with points linetype 2 pointtype 10 pointsize 1.5 linewidth 2 notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:1', \
  keyentry with points pointtype 10 pointsize 1.5 linewidth 2 linecolor rgb '#444444' title 'no seed solved after 3000 updates'

# Panel 3: lstm, forget bias 1: share of seeds that solve the task
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.4957143
  set bmargin at screen 0.1225806; set tmargin at screen 0.4344086
}
set title 'lstm, forget bias 1: share of seeds that solve the task' noenhanced offset 0, lowered
set xlabel (paged ? 'sequence length T (steps)' : 'sequence length T (steps)')
set ylabel (paged ? 'success rate' : 'success rate')
set format x (paged ? '%g' : '%g')
set yrange [-0.04:1.04]; set ytics 0, 0.2, 1; set format y '%g'
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 4 using (column(sequence_length) + -0.008):rate:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 4 using (column(sequence_length) + -0.008):rate with linespoints linetype 1 pointsize 1.2 notitle, \
  for [i=1:bands] data skip 1 index 5 using (column(sequence_length) + 0.008):rate:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 5 using (column(sequence_length) + 0.008):rate with linespoints linetype 2 pointsize 1.2 notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:1', \
  keyentry with points pointtype 10 pointsize 1.5 linewidth 2 linecolor rgb '#444444' title 'no seed solved after 3000 updates'

# Panel 4: lstm, forget bias 1: updates until the task is solved
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5671429; set rmargin at screen 0.9785714
  set bmargin at screen 0.1225806; set tmargin at screen 0.4344086
}
set title 'lstm, forget bias 1: updates until the task is solved' noenhanced offset 0, lowered
set xlabel (paged ? 'sequence length T (steps)' : 'sequence length T (steps)')
set ylabel (paged ? '' : '')
set format x (paged ? '%g' : '%g')
set ylabel 'updates'
set yrange [-120:3120]
set ytics 0, 500, 3000
set format y (paged ? '%g' : '%g')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 6 using (column(sequence_length) + -0.008):(level(updates_median)):(level(updates_q25)):(level(updates_q75)) with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 6 using (column(sequence_length) + -0.008):(level(updates_median)) with linespoints linetype 1 pointsize 1.2 notitle, \
  for [i=1:bands] data skip 1 index 7 using (column(sequence_length) + 0.008):(level(updates_median)):(level(updates_q25)):(level(updates_q75)) with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 7 using (column(sequence_length) + 0.008):(level(updates_median)) with linespoints linetype 2 pointsize 1.2 notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:1', \
  keyentry with points pointtype 10 pointsize 1.5 linewidth 2 linecolor rgb '#444444' title 'no seed solved after 3000 updates'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'share over 3 seeds · hidden size 64 · batch 32 · input scale 1 · initializer' }
if (paged) { print 'gaussian · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999' }
if (paged) { print '· learning rate 0.005 · LSTM forget bias 1 readout starts at chance · at most' }
if (paged) { print '3000 updates · task adding · left: error bars, 95 % interval by Wilson ·' }
if (paged) { print 'right: median and quartiles of the solved seeds · points offset for clarity ·' }
if (paged) { print 'run adding-rnn-vs-lstm' }
