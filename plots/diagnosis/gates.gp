# Are the gates open, closed or saturated, and which of them do gradients reach?
#
# The data are in gates.csv beside this script. To draw it again, from any directory:
#   gnuplot -d gates.gp                       gates.svg and gates.png beside the script
#   gnuplot -d -e "format='pdf'" gates.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "gates.csv"
target = exists("output") ? output : directory . "gates." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 1198 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1198 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 1198 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1198 / 96.0 enhanced \
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

# The columns of gates.csv.
layer = 1; direction = 2; gate = 3; step = 4; mean = 5; saturated_low = 6; saturated_high = 7
log10_gradient = 8

set linetype 1 linecolor rgb '#0072B2' linewidth 2.0 dashtype (10,4) pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype solid pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#009E73' linewidth 2.0 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 4 linecolor rgb '#CC79A7' linewidth 2.0 dashtype (5,3) pointtype 13 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Gates over time}' at screen 0.01714286, screen 0.9732888 left font sized(1.3) textcolor rgb '#000000'
  set label 'mean f 0.728, f saturates most, 0.2 %' at screen 0.01714286, screen 0.9499165 left font sized(1) textcolor rgb '#222222'
  set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · sequence length T = 40 · batch 3 · loss cross-entropy at every step · over batch and units · saturated: below 0.1 or above 0.9, tanh beyond ±0.9' at screen 0.01714286, screen 0.01335559 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Gates over time' }
if (paged) { print 'mean f 0.728, f saturates most, 0.2 %' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9365609
  set bmargin at screen 0.918197
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'input gate i', \
    keyentry with lines linetype 2 title 'forget gate f', \
    keyentry with lines linetype 3 title 'candidate g', \
    keyentry with lines linetype 4 title 'output gate o'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
zero_level = -3.660653
overflow_level = -2.253098
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
set xrange [1:40]
set xtics 0, 10

# Panel 1: layer 0: mean of gates
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.6360601; set tmargin at screen 0.8781302
}
set title 'layer 0: mean of gates' noenhanced offset 0, lowered
set xlabel (paged ? 'step t' : '')
set ylabel (paged ? 'mean' : 'mean')
set format x (paged ? '%g' : '')
set yrange [-0.2152725:1.046741]
set ytics 0, 0.5, 1
set format y (paged ? '%g' : '%g')
if (!paged) { set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 0 using step:(column(mean)) with lines linetype 1 notitle, \
  data skip 1 index 1 using step:(column(mean)) with lines linetype 2 notitle, \
  data skip 1 index 2 using step:(column(mean)) with lines linetype 3 notitle, \
  data skip 1 index 3 using step:(column(mean)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'input gate i', \
  keyentry with lines linetype 2 title 'forget gate f', \
  keyentry with lines linetype 3 title 'candidate g', \
  keyentry with lines linetype 4 title 'output gate o'

# Panel 2: layer 0: saturated gates
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.3572621; set tmargin at screen 0.5993322
}
set title 'layer 0: saturated gates' noenhanced offset 0, lowered
set xlabel (paged ? 'step t' : '')
set ylabel (paged ? 'low ← saturated share → high' : 'low ← saturated share → high')
set format x (paged ? '%g' : '')
set yrange [-0.106:0.106]
set ytics ('0.1' -0.1, '0.05' -0.05, '0' 0, '0.05' 0.05, '0.1' 0.1)
if (!paged) { set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 0 using step:(column(saturated_high)) with lines linetype 1 notitle, \
  data skip 1 index 1 using step:(column(saturated_high)) with lines linetype 2 notitle, \
  data skip 1 index 2 using step:(column(saturated_high)) with lines linetype 3 notitle, \
  data skip 1 index 3 using step:(column(saturated_high)) with lines linetype 4 notitle, \
  data skip 1 index 0 using step:(-column(saturated_low)) with lines linetype 1 notitle, \
  data skip 1 index 1 using step:(-column(saturated_low)) with lines linetype 2 notitle, \
  data skip 1 index 2 using step:(-column(saturated_low)) with lines linetype 3 notitle, \
  data skip 1 index 3 using step:(-column(saturated_low)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'input gate i', \
  keyentry with lines linetype 2 title 'forget gate f', \
  keyentry with lines linetype 3 title 'candidate g', \
  keyentry with lines linetype 4 title 'output gate o'

# Panel 3: layer 0: gradient of gates
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.07846411; set tmargin at screen 0.3205342
}
set title 'layer 0: gradient of gates' noenhanced offset 0, lowered
set xlabel (paged ? 'step t' : 'step t')
set ylabel (paged ? '‖∂L/∂a_t‖ (whole batch)' : '‖∂L/∂a_t‖ (whole batch)')
set format x (paged ? '%g' : '%g')
set yrange [-3.721265:-2.253098]
set ytics -3.5, 0.5, -2.5
set format y (paged ? '1e%g' : '10^{%g}')
set ytics add ('0' -3.660653)
if (!paged) { set object rectangle from graph 0, first -3.721265 to graph 1, first -3.600041 back fillcolor rgb '#eeeeee' fillstyle solid 1 noborder }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 0 using step:(shown(log10_gradient)) with lines linetype 1 notitle, \
  data skip 1 index 1 using step:(shown(log10_gradient)) with lines linetype 2 notitle, \
  data skip 1 index 2 using step:(shown(log10_gradient)) with lines linetype 3 notitle, \
  data skip 1 index 3 using step:(shown(log10_gradient)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'input gate i', \
  keyentry with lines linetype 2 title 'forget gate f', \
  keyentry with lines linetype 3 title 'candidate g', \
  keyentry with lines linetype 4 title 'output gate o'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'model lstm_forget1 · lstm · hidden size 12 · input size 4 · sequence length T' }
if (paged) { print '= 40 · batch 3 · loss cross-entropy at every step · over batch and units ·' }
if (paged) { print 'saturated: below 0.1 or above 0.9, tanh beyond ±0.9' }
