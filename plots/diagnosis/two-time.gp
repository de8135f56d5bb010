# How much of the loss of each step reaches each earlier state?
#
# The data are in two-time.csv beside this script. To draw it again, from any directory:
#   gnuplot -d two-time.gp                       two-time.svg and two-time.png beside the script
#   gnuplot -d -e "format='pdf'" two-time.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "two-time.csv"
target = exists("output") ? output : directory . "two-time." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 778 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 778 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 778 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 778 / 96.0 enhanced \
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

# The columns of two-time.csv.
layer = 1; direction = 2; source = 3; step = 4; log10_norm = 5


# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold ‖∂L_s/∂h_t‖: how much of the loss at step s reaches the state at step t}' at screen 0.01714286, screen 0.9588689 left font sized(1.3) textcolor rgb '#000000'
  set label 'Slope against s − t, mean over s: -0.14 decades per step, halved every 2.2 steps' at screen 0.01714286, screen 0.9228792 left font sized(1) textcolor rgb '#222222'
  set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · sequence length T = 40 · batch 3 · loss cross-entropy at every step · norm over the batch · grey: exactly 0, L\_s does not depend on h\_t · 40 of 40 steps s' at screen 0.01714286, screen 0.02056555 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print '‖∂L_s/∂h_t‖: how much of the loss at step s reaches the state at step t' }
if (paged) { print 'Slope against s − t, mean over s: -0.14 decades per step, halved every 2.2' }
if (paged) { print 'steps' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9023136
  set bmargin at screen 0.8920308
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 1
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -6.739584; greatest = -1.831434
set cbrange [least:greatest]
set cbtics ('≤ 10^{-6.74}' -6.739584, '10^{-6}' -6, '10^{-5}' -5, '10^{-4}' -4, '10^{-3}' -3, '10^{-2}' -2)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' || strcol(c) eq '-inf' ? NaN : bounded(column(c))
digit(c) = shade(c) == shade(c) ? sprintf('%d', int(9.99 * (shade(c) - least) / (greatest - least))) : ''
unset colorbox
set style fill solid 1 noborder
unset grid

# Panel 1: layer 0
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.8928571
  set bmargin at screen 0.1208226; set tmargin at screen 0.840617
}
set title 'layer 0' noenhanced offset 0, lowered
set xlabel (paged ? 'state at step t' : 'state at step t')
set ylabel (paged ? 'loss at step s' : 'loss at step s')
set format x (paged ? '%g' : '%g')
set xrange [-0.5:40.5]
set yrange [0.5:40.5]
set xtics 0, 10, 40
set ytics 10, 10, 40
set format y '%g'

if (!paged) { set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder }
if (!paged) { set colorbox vertical user origin screen 0.9142857, screen 0.1208226 size screen 0.01571429, screen 0.7197943 }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using step:source:(shade(log10_norm)) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 0 using step:source:((int(column(0)) % 41) % 1 == 0 && (int(column(0)) / 41) % 3 == 0 ? digit(log10_norm) : '') with labels notitle

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'model lstm_forget1 · lstm · hidden size 12 · input size 4 · sequence length T' }
if (paged) { print '= 40 · batch 3 · loss cross-entropy at every step · norm over the batch ·' }
if (paged) { print 'grey: exactly 0, L_s does not depend on h_t · 40 of 40 steps s' }
