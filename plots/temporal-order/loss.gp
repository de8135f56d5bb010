# Which rule lets the network learn, and when?
#
# The data are in loss.csv beside this script. To draw it again, from any directory:
#   gnuplot -d loss.gp                       loss.svg and loss.png beside the script
#   gnuplot -d -e "format='pdf'" loss.gp     svg, png, pdf, or dumb for a terminal

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
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 736 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 736 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 736 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 736 / 96.0 enhanced \
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

# The columns of loss.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; quantity = 5; update = 6; loss = 7
low = 8; high = 9; seeds = 10

set linetype 1 linecolor rgb '#000000' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#0072B2' linewidth 2.0 dashtype (3,4) pointtype 5 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Loss while learning temporal-order}' at screen 0.01714286, screen 0.9565217 left font sized(1.3) textcolor rgb '#000000'
  set label 'At T = 50 (chance 1.39), median over seeds: no clipping – 0 of 3 solved; global-norm:1 – 1 of 3 solved after 44000 updates; global-norm:1+omega-squared:4 – 3 of 3 solved after 9500' at screen 0.01714286, screen 0.9184783 left font sized(1) textcolor rgb '#222222'
  set label 'updates' at screen 0.01714286, screen 0.8858696 left font sized(1) textcolor rgb '#222222'
  set label 'median, band from minimum to maximum, over 3 seeds · hidden size 50 · batch 20 · float32 · weights \~ N(0, 0.1²) · optimizer sgd · learning rate 0.01 · at most 60000 updates · task temporal-order' at screen 0.01714286, screen 0.04891304 left font sized(0.86) textcolor rgb '#555555'
  set label 'lines: training loss, mean of 400 or 500 updates · points: test loss · solved runs keep their last loss · run temporal-order' at screen 0.01714286, screen 0.02173913 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Loss while learning temporal-order' }
if (paged) { print 'At T = 50 (chance 1.39), median over seeds: no clipping – 0 of 3 solved;' }
if (paged) { print 'global-norm:1 – 1 of 3 solved after 44000 updates;' }
if (paged) { print 'global-norm:1+omega-squared:4 – 3 of 3 solved after 9500 updates' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8641304
  set bmargin at screen 0.8043478
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with linespoints linetype 1 title 'no clipping', \
    keyentry with linespoints linetype 2 title 'global-norm:1', \
    keyentry with linespoints linetype 3 title 'global-norm:1+omega-squared:4', \
    keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'chance: knows the task but remembers nothing', \
    keyentry with points pointtype 6 pointsize 1.7 linewidth 2.2 linecolor rgb '#444444' title 'a seed solves the task'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
level(c) = strcol(c) eq 'inf' ? 1.455914 : column(c)

# Panel 1: rnn, T = 20
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.5221429
  set bmargin at screen 0.1548913; set tmargin at screen 0.7391304
}
set title 'rnn, T = 20' noenhanced offset 0, lowered
set xlabel (paged ? 'update (thousands)' : 'update (thousands)')
set ylabel (paged ? 'loss (cross entropy, nats)' : 'loss (cross entropy, nats)')
set format x (paged ? '%g' : '%g')
set format x '%g'
set xrange [0:45835]
set xtics ('0' 0, '10' 10000, '20' 20000, '30' 30000, '40' 40000)
set yrange [-0.05599669:1.455914]
set ytics 0, 0.2, 1.4
set format y (paged ? '%g' : '%g')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using update:(level(low)):(level(high)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 3 using update:(level(low)):(level(high)) with filledcurves linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 6 using update:(level(low)):(level(high)) with filledcurves linetype 3 notitle, \
  1.386294 with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) notitle, \
  data skip 1 index 0 using update:(level(loss)) with lines linetype 1 notitle, \
  data skip 1 index 3 using update:(level(loss)) with lines linetype 2 notitle, \
  data skip 1 index 6 using update:(level(loss)) with lines linetype 3 notitle, \
  data skip 1 index 1 using update:(level(loss)) with points linetype 1 notitle, \
  data skip 1 index 2 using update:(level(loss)) with points pointtype 6 pointsize 1.7 linewidth 2.2 linecolor rgb '#000000' notitle, \
  data skip 1 index 4 using update:(level(loss)) with points linetype 2 notitle, \
  data skip 1 index 5 using update:(level(loss)) with points pointtype 6 pointsize 1.7 linewidth 2.2 linecolor rgb '#D55E00' notitle, \
  data skip 1 index 7 using update:(level(loss)) with points linetype 3 notitle, \
  data skip 1 index 8 using update:(level(loss)) with points pointtype 6 pointsize 1.7 linewidth 2.2 linecolor rgb '#0072B2' notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:1', \
  keyentry with linespoints linetype 3 title 'global-norm:1+omega-squared:4', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'chance: knows the task but remembers nothing', \
  keyentry with points pointtype 6 pointsize 1.7 linewidth 2.2 linecolor rgb '#444444' title 'a seed solves the task'

# Panel 2: rnn, T = 50
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5407143; set rmargin at screen 0.9785714
  set bmargin at screen 0.1548913; set tmargin at screen 0.7391304
}
set title 'rnn, T = 50' noenhanced offset 0, lowered
set xlabel (paged ? 'update (thousands)' : 'update (thousands)')
set ylabel (paged ? 'loss (cross entropy, nats)' : '')
set format x (paged ? '%g' : '%g')
set format x '%g'
set xrange [0:61800]
set xtics ('0' 0, '20' 20000, '40' 40000, '60' 60000)
set yrange [-0.05599669:1.455914]
set ytics 0, 0.2, 1.4
set format y (paged ? '%g' : '')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 9 using update:(level(low)):(level(high)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 11 using update:(level(low)):(level(high)) with filledcurves linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 14 using update:(level(low)):(level(high)) with filledcurves linetype 3 notitle, \
  1.386294 with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) notitle, \
  data skip 1 index 9 using update:(level(loss)) with lines linetype 1 notitle, \
  data skip 1 index 11 using update:(level(loss)) with lines linetype 2 notitle, \
  data skip 1 index 14 using update:(level(loss)) with lines linetype 3 notitle, \
  data skip 1 index 10 using update:(level(loss)) with points linetype 1 notitle, \
  data skip 1 index 12 using update:(level(loss)) with points linetype 2 notitle, \
  data skip 1 index 13 using update:(level(loss)) with points pointtype 6 pointsize 1.7 linewidth 2.2 linecolor rgb '#D55E00' notitle, \
  data skip 1 index 15 using update:(level(loss)) with points linetype 3 notitle, \
  data skip 1 index 16 using update:(level(loss)) with points pointtype 6 pointsize 1.7 linewidth 2.2 linecolor rgb '#0072B2' notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:1', \
  keyentry with linespoints linetype 3 title 'global-norm:1+omega-squared:4', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'chance: knows the task but remembers nothing', \
  keyentry with points pointtype 6 pointsize 1.7 linewidth 2.2 linecolor rgb '#444444' title 'a seed solves the task'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'median, band from minimum to maximum, over 3 seeds · hidden size 50 · batch 20' }
if (paged) { print '· float32 · weights ~ N(0, 0.1²) · optimizer sgd · learning rate 0.01 · at' }
if (paged) { print 'most 60000 updates · task temporal-order lines: training loss, mean of 400 or' }
if (paged) { print '500 updates · points: test loss · solved runs keep their last loss · run' }
if (paged) { print 'temporal-order' }
