# How far back do gradients reach while a network learns?
#
# The data are in evolution.csv beside this script. To draw it again, from any directory:
#   gnuplot -d evolution.gp                       evolution.svg and evolution.png beside the script
#   gnuplot -d -e "format='pdf'" evolution.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "evolution.csv"
target = exists("output") ? output : directory . "evolution." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 914 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 914 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 914 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 914 / 96.0 enhanced \
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

# The columns of evolution.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; seed = 5; lag = 6; column = 7
update = 8; log10_grad_h = 9


# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold ‖∂L/∂h_t‖ during training: how far back gradients reach}' at screen 0.01714286, screen 0.9649891 left font sized(1.3) textcolor rgb '#000000'
  set label '‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile: rnn: global-norm:1 – 1.17 → 10^{-6}; lstm, forget bias 1: global-norm:1 – 1.09 → 1.28' at screen 0.01714286, screen 0.9343545 left font sized(1) textcolor rgb '#222222'
  set label 'Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms look flat and hide vanishing.' at screen 0.01714286, screen 0.9080963 left font sized(1) textcolor rgb '#B34700'
  set label 'hidden size 64 · batch 32 · sequence length T = 120 (longest of 2) · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer rmsprop:0.99 · learning rate 0.002' at screen 0.01714286, screen 0.03938731 left font sized(0.86) textcolor rgb '#555555'
  set label 'LSTM forget bias 1 · readout starts at chance · at most 3000 updates · task copy-memory · norm over the batch · grey: exactly 0 · columns: update 1, then every 60 updates · seed 0 of 2 · run copy-memory' at screen 0.01714286, screen 0.01750547 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print '‖∂L/∂h_t‖ during training: how far back gradients reach' }
if (paged) { print '‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile: rnn: global-norm:1 – 1.17 →' }
if (paged) { print '10^-6; lstm, forget bias 1: global-norm:1 – 1.09 → 1.28' }
if (paged) { print 'Note: this task has a loss at many steps, each of which refreshes the gradient' }
if (paged) { print 'on its way back, so total norms look flat and hide vanishing.' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8905908
  set bmargin at screen 0.8818381
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 1
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -8.765264; greatest = -2.094531
set cbrange [least:greatest]
set cbtics ('≤ 10^{-8.77}' -8.765264, '10^{-8}' -8, '10^{-6}' -6, '10^{-4}' -4)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' || strcol(c) eq '-inf' ? NaN : bounded(column(c))
digit(c) = shade(c) == shade(c) ? sprintf('%d', int(9.99 * (shade(c) - least) / (greatest - least))) : ''
unset colorbox
set style fill solid 1 noborder
unset grid

# Panel 1: rnn, global-norm:1: vanished
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.8928571
  set bmargin at screen 0.5207877; set tmargin at screen 0.8380744
}
set title 'rnn, global-norm:1: vanished' noenhanced offset 0, lowered
set xlabel (paged ? 'update' : '')
set ylabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set format x (paged ? '%g' : '')
set xrange [-0.5:50.5]
set yrange [-0.5:119.5]
set xtics 0, 10, 50
set ytics 0, 20, 119
set format y '%g'
set format x '%g'
set format y '%g'
set xrange [-0.5:50.5]
set xtics ('1' 0, '1000' 16.66667, '2000' 33.33333, '3000' 50)
if (!paged) { set object rectangle from graph 0, graph 0 to first 50.5, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder }
unset colorbox
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using column:lag:(shade(log10_grad_h)) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 0 using column:lag:((int(column(0)) % 51) % 1 == 0 && (int(column(0)) / 51) % 8 == 0 ? digit(log10_grad_h) : '') with labels notitle

# Panel 2: lstm, forget bias 1, global-norm:1: better than chance
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.8928571
  set bmargin at screen 0.1247265; set tmargin at screen 0.4420131
}
set title 'lstm, forget bias 1, global-norm:1: better than chance' noenhanced offset 0, lowered
set xlabel (paged ? 'update' : 'update')
set ylabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set format x (paged ? '%g' : '%g')
set xrange [-0.5:50.5]
set yrange [-0.5:119.5]
set xtics 0, 10, 50
set ytics 0, 20, 119
set format y '%g'
set format x '%g'
set format y '%g'
set xrange [-0.5:50.5]
set xtics ('1' 0, '1000' 16.66667, '2000' 33.33333, '3000' 50)
if (!paged) { set object rectangle from graph 0, graph 0 to first 50.5, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder }
if (!paged) { set colorbox vertical user origin screen 0.9142857, screen 0.1247265 size screen 0.01571429, screen 0.7133479 }
if (!paged) { set label '‖∂L/∂h_t‖' at screen 0.9114286, screen 0.8555799 left }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 1 using column:lag:(shade(log10_grad_h)) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 1 using column:lag:((int(column(0)) % 51) % 1 == 0 && (int(column(0)) / 51) % 8 == 0 ? digit(log10_grad_h) : '') with labels notitle

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'hidden size 64 · batch 32 · sequence length T = 120 (longest of 2) · input' }
if (paged) { print 'scale 1 · initializer gaussian · float32 · spectral radius 1 at the start ·' }
if (paged) { print 'optimizer rmsprop:0.99 · learning rate 0.002 LSTM forget bias 1 · readout' }
if (paged) { print 'starts at chance · at most 3000 updates · task copy-memory · norm over the' }
if (paged) { print 'batch · grey: exactly 0 · columns: update 1, then every 60 updates · seed 0 of' }
if (paged) { print '2 · run copy-memory' }
