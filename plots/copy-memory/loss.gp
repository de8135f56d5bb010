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
  set terminal svg size 1400, 906 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 906 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 906 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 906 / 96.0 enhanced \
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

set linetype 1 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Loss while learning copy-memory}' at screen 0.01714286, screen 0.9646799 left font sized(1.3) textcolor rgb '#000000'
  set label 'At T = 120 (chance 0.173), median over seeds: rnn: global-norm:1 – test loss 0.173; lstm, forget bias 1: global-norm:1 – test loss 0.157' at screen 0.01714286, screen 0.9337748 left font sized(1) textcolor rgb '#222222'
  set label 'median, band from minimum to maximum, over 2 seeds · hidden size 64 · batch 32 · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer rmsprop:0.99 · learning rate 0.002' at screen 0.01714286, screen 0.0397351 left font sized(0.86) textcolor rgb '#555555'
  set label 'LSTM forget bias 1 · readout starts at chance · at most 3000 updates · task copy-memory · lines: training loss, mean of 30 updates · points: test loss · run copy-memory' at screen 0.01714286, screen 0.01766004 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Loss while learning copy-memory' }
if (paged) { print 'At T = 120 (chance 0.173), median over seeds: rnn: global-norm:1 – test loss' }
if (paged) { print '0.173; lstm, forget bias 1: global-norm:1 – test loss 0.157' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9161148
  set bmargin at screen 0.8918322
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with linespoints linetype 1 title 'global-norm:1', \
    keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'chance: knows the task but remembers nothing'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
level(c) = strcol(c) eq 'inf' ? 1.125483 : column(c)

# Panel 1: rnn, T = 40
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.5221429
  set bmargin at screen 0.5187638; set tmargin at screen 0.8388521
}
set title 'rnn, T = 40' noenhanced offset 0, lowered
set xlabel (paged ? 'update' : '')
set ylabel (paged ? 'loss (cross entropy, nats)' : 'loss (cross entropy, nats)')
set format x (paged ? '%g' : '')
set format x '%g'
set xrange [0:3090]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set yrange [-0.04328782:1.125483]
set ytics 0, 0.2, 1
set format y (paged ? '%g' : '%g')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using update:(level(low)):(level(high)) with filledcurves linetype 1 notitle, \
  0.5198604 with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) notitle, \
  data skip 1 index 0 using update:(level(loss)) with lines linetype 1 notitle, \
  data skip 1 index 1 using update:(level(loss)) with points linetype 1 notitle, \
  keyentry with linespoints linetype 1 title 'global-norm:1', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'chance: knows the task but remembers nothing'

# Panel 2: rnn, T = 120
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5407143; set rmargin at screen 0.9785714
  set bmargin at screen 0.5187638; set tmargin at screen 0.8388521
}
set title 'rnn, T = 120' noenhanced offset 0, lowered
set xlabel (paged ? 'update' : '')
set ylabel (paged ? 'loss (cross entropy, nats)' : '')
set format x (paged ? '%g' : '')
set format x '%g'
set xrange [0:3090]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set yrange [-0.04328782:1.125483]
set ytics 0, 0.2, 1
set format y (paged ? '%g' : '')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 2 using update:(level(low)):(level(high)) with filledcurves linetype 1 notitle, \
  0.1732868 with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) notitle, \
  data skip 1 index 2 using update:(level(loss)) with lines linetype 1 notitle, \
  data skip 1 index 3 using update:(level(loss)) with points linetype 1 notitle, \
  keyentry with linespoints linetype 1 title 'global-norm:1', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'chance: knows the task but remembers nothing'

# Panel 3: lstm, forget bias 1, T = 40
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.5221429
  set bmargin at screen 0.1258278; set tmargin at screen 0.4459161
}
set title 'lstm, forget bias 1, T = 40' noenhanced offset 0, lowered
set xlabel (paged ? 'update' : 'update')
set ylabel (paged ? 'loss (cross entropy, nats)' : 'loss (cross entropy, nats)')
set format x (paged ? '%g' : '%g')
set format x '%g'
set xrange [0:3090]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set yrange [-0.04328782:1.125483]
set ytics 0, 0.2, 1
set format y (paged ? '%g' : '%g')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 4 using update:(level(low)):(level(high)) with filledcurves linetype 1 notitle, \
  0.5198604 with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) notitle, \
  data skip 1 index 4 using update:(level(loss)) with lines linetype 1 notitle, \
  data skip 1 index 5 using update:(level(loss)) with points linetype 1 notitle, \
  keyentry with linespoints linetype 1 title 'global-norm:1', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'chance: knows the task but remembers nothing'

# Panel 4: lstm, forget bias 1, T = 120
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5407143; set rmargin at screen 0.9785714
  set bmargin at screen 0.1258278; set tmargin at screen 0.4459161
}
set title 'lstm, forget bias 1, T = 120' noenhanced offset 0, lowered
set xlabel (paged ? 'update' : 'update')
set ylabel (paged ? 'loss (cross entropy, nats)' : '')
set format x (paged ? '%g' : '%g')
set format x '%g'
set xrange [0:3090]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set yrange [-0.04328782:1.125483]
set ytics 0, 0.2, 1
set format y (paged ? '%g' : '')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 6 using update:(level(low)):(level(high)) with filledcurves linetype 1 notitle, \
  0.1732868 with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) notitle, \
  data skip 1 index 6 using update:(level(loss)) with lines linetype 1 notitle, \
  data skip 1 index 7 using update:(level(loss)) with points linetype 1 notitle, \
  keyentry with linespoints linetype 1 title 'global-norm:1', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'chance: knows the task but remembers nothing'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'median, band from minimum to maximum, over 2 seeds · hidden size 64 · batch 32' }
if (paged) { print '· input scale 1 · initializer gaussian · float32 · spectral radius 1 at the' }
if (paged) { print 'start · optimizer rmsprop:0.99 · learning rate 0.002 LSTM forget bias 1 ·' }
if (paged) { print 'readout starts at chance · at most 3000 updates · task copy-memory · lines:' }
if (paged) { print 'training loss, mean of 30 updates · points: test loss · run copy-memory' }
