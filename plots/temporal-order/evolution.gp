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
  set terminal svg size 1400, 668 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 668 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 668 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 668 / 96.0 enhanced \
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
  set label '{/:Bold ‖∂L/∂h_t‖ during training: how far back gradients reach}' at screen 0.01714286, screen 0.9520958 left font sized(1.3) textcolor rgb '#000000'
  set label '‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile: no clipping – 10^{-7} → 10^{-8}; global-norm:1 – 10^{-7} → 10^{-8}; global-norm:1+omega-squared:4 – 10^{-7} → 2.08' at screen 0.01714286, screen 0.9101796 left font sized(1) textcolor rgb '#222222'
  set label 'hidden size 50 · batch 20 · sequence length T = 50 (longest of 2) · float32 · weights \~ N(0, 0.1²) · optimizer sgd · learning rate 0.01 · at most 60000 updates · task temporal-order · norm over the batch' at screen 0.01714286, screen 0.05389222 left font sized(0.86) textcolor rgb '#555555'
  set label 'grey: exactly 0 · columns: update 1, then every 1000 updates · seed 1 of 3 · run temporal-order' at screen 0.01714286, screen 0.0239521 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print '‖∂L/∂h_t‖ during training: how far back gradients reach' }
if (paged) { print '‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile: no clipping – 10^-7 →' }
if (paged) { print '10^-8; global-norm:1 – 10^-7 → 10^-8; global-norm:1+omega-squared:4 – 10^-7 →' }
if (paged) { print '2.08' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8862275
  set bmargin at screen 0.8742515
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 1
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -8.596661; greatest = 0.04604063
set cbrange [least:greatest]
set cbtics ('10^{-8}' -8, '10^{-6}' -6, '10^{-4}' -4, '10^{-2}' -2, '10^{0}' 0)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' || strcol(c) eq '-inf' ? NaN : bounded(column(c))
digit(c) = shade(c) == shade(c) ? sprintf('%d', int(9.99 * (shade(c) - least) / (greatest - least))) : ''
unset colorbox
set style fill solid 1 noborder
unset grid

# Panel 1: no clipping: vanished
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.3414286
  set bmargin at screen 0.1706587; set tmargin at screen 0.8143713
}
set title 'no clipping: vanished' noenhanced offset 0, lowered
set xlabel (paged ? 'update (thousands)' : 'update (thousands)')
set ylabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set format x (paged ? '%g' : '%g')
set xrange [-0.5:60.5]
set yrange [-0.5:49.5]
set xtics 0, 10, 60
set ytics 0, 10, 49
set format y '%g'
set format x '%g'
set format y '%g'
set xrange [-0.5:60.5]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60)
if (!paged) { set object rectangle from graph 0, graph 0 to first 60.5, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder }
unset colorbox
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using column:lag:(shade(log10_grad_h)) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 0 using column:lag:((int(column(0)) % 61) % 2 == 0 && (int(column(0)) / 61) % 4 == 0 ? digit(log10_grad_h) : '') with labels notitle

# Panel 2: global-norm:1: vanished
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.36; set rmargin at screen 0.6171429
  set bmargin at screen 0.1706587; set tmargin at screen 0.8143713
}
set title 'global-norm:1: vanished' noenhanced offset 0, lowered
set xlabel (paged ? 'update (thousands)' : 'update (thousands)')
set ylabel (paged ? 'lag T − t (steps)' : '')
set format x (paged ? '%g' : '%g')
set xrange [-0.5:60.5]
set yrange [-0.5:49.5]
set xtics 0, 10, 60
set ytics 0, 10, 49
set format y '%g'
set format x '%g'
set format y (paged ? '%g' : '')
set xrange [-0.5:60.5]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60)
if (!paged) { set object rectangle from graph 0, graph 0 to first 60.5, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder }
unset colorbox
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 1 using column:lag:(shade(log10_grad_h)) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 1 using column:lag:((int(column(0)) % 61) % 2 == 0 && (int(column(0)) / 61) % 4 == 0 ? digit(log10_grad_h) : '') with labels notitle

# Panel 3: global-norm:1+omega-squared:4: solved after 5500
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.6357143; set rmargin at screen 0.8928571
  set bmargin at screen 0.1706587; set tmargin at screen 0.8143713
}
set title 'global-norm:1+omega-squared:4: solved after 5500' noenhanced offset 0, lowered
set xlabel (paged ? 'update (thousands)' : 'update (thousands)')
set ylabel (paged ? 'lag T − t (steps)' : '')
set format x (paged ? '%g' : '%g')
set xrange [-0.5:5.5]
set yrange [-0.5:49.5]
set xtics 0, 1, 5
set ytics 0, 10, 49
set format y '%g'
set format x '%g'
set format y (paged ? '%g' : '')
set xrange [-0.5:5.5]
set xtics ('0' 0, '2' 2, '4' 4)
if (!paged) { set object rectangle from graph 0, graph 0 to first 5.5, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder }
if (!paged) { set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder }
if (!paged) { set arrow from first 5.5, graph 0 to first 5.5, graph 1 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4) }
if (!paged) { set label ' solved ' at first 5.5, graph 0.96 right front boxed font sized(0.85) textcolor rgb '#D6006C' }
if (!paged) { set colorbox vertical user origin screen 0.9142857, screen 0.1706587 size screen 0.01571429, screen 0.6437126 }
if (!paged) { set label '‖∂L/∂h_t‖' at screen 0.9114286, screen 0.8383234 left }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 2 using column:lag:(shade(log10_grad_h)) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 2 using column:lag:((int(column(0)) % 6) % 1 == 0 && (int(column(0)) / 6) % 4 == 0 ? digit(log10_grad_h) : '') with labels notitle

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'hidden size 50 · batch 20 · sequence length T = 50 (longest of 2) · float32 ·' }
if (paged) { print 'weights ~ N(0, 0.1²) · optimizer sgd · learning rate 0.01 · at most 60000' }
if (paged) { print 'updates · task temporal-order · norm over the batch grey: exactly 0 · columns:' }
if (paged) { print 'update 1, then every 1000 updates · seed 1 of 3 · run temporal-order' }
