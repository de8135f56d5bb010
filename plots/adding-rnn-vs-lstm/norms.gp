# How does clipping change gradients during training, and why does a run fail?
#
# The data are in norms.csv beside this script. To draw it again, from any directory:
#   gnuplot -d norms.gp                       norms.svg and norms.png beside the script
#   gnuplot -d -e "format='pdf'" norms.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "norms.csv"
target = exists("output") ? output : directory . "norms." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 802 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 802 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 802 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 802 / 96.0 enhanced \
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

# The columns of norms.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; seed = 5; update = 6
log10_grad_before = 7; log10_grad_before_max = 8; log10_grad_after = 9; engaged = 10

set linetype 1 linecolor rgb '#000000' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#0072B2' linewidth 2.0 dashtype solid pointtype 5 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Gradients while rnn learns adding, T = 100}' at screen 0.01714286, screen 0.9600998 left font sized(1.3) textcolor rgb '#000000'
  set label 'no clipping: all 3 seeds vanished; global-norm:1 (sets the step size: clips 59 % of updates): all 3 seeds vanished' at screen 0.01714286, screen 0.925187 left font sized(1) textcolor rgb '#222222'
  set label 'hidden size 64 · batch 32 · sequence length T = 100 · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · readout starts at chance' at screen 0.01714286, screen 0.04488778 left font sized(0.86) textcolor rgb '#555555'
  set label 'at most 3000 updates · task adding · rnn (first of 2) · each point: mean of log10 over 24 updates · seed 0 of 3 is drawn; text counts all seeds · run adding-rnn-vs-lstm' at screen 0.01714286, screen 0.01995012 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Gradients while rnn learns adding, T = 100' }
if (paged) { print 'no clipping: all 3 seeds vanished; global-norm:1 (sets the step size: clips 59' }
if (paged) { print '% of updates): all 3 seeds vanished' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9052369
  set bmargin at screen 0.8503741
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'before clipping: mean, shaded up to the largest', \
    keyentry with lines linetype 2 title 'after clipping; below: share of updates clipped', \
    keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) title 'threshold'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
zero_level = -0.2960756
overflow_level = 1.497402
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)

# Panel 1: no clipping
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.5221429
  set bmargin at screen 0.2912718; set tmargin at screen 0.7905237
}
set title 'no clipping' noenhanced offset 0, lowered
if (!paged) { set label 'all 3 seeds vanished' at graph 0.02, graph 0.965035 left front font sized(0.85) textcolor rgb '#333333' }
if (!paged) { set label 'seed 0 vanished: ‖∂L/∂h‖ at T/5 is 10^{-21.8} of T''s' at graph 0.02, graph 0.9200799 left front font sized(0.85) textcolor rgb '#333333' }
set xlabel (paged ? '' : '')
set ylabel (paged ? 'norm of the whole gradient' : 'norm of the whole gradient')
set format x (paged ? '%g' : '%g')
set format x (paged ? '%g' : '')
set xrange [0:3090]
set xtics ((paged ? '0' : '') 0, (paged ? '1000' : '') 1000, (paged ? '2000' : '') 2000, (paged ? '3000' : '') 3000)
set yrange [-0.2960756:1.497402]
set ytics 0, 0.5, 1
set format y (paged ? '1e%g' : '10^{%g}')
set ytics ('1' 0, '2' 0.30103, '5' 0.69897, '10' 1, '20' 1.30103)
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using update:(shown(log10_grad_before)):(shown(log10_grad_before_max)) with filledcurves linetype 1 notitle, \
  data skip 1 index 0 using update:(shown(log10_grad_before)) with lines linetype 1 linewidth 1.4 notitle, \
  keyentry with lines linetype 1 title 'before clipping: mean, shaded up to the largest', \
  keyentry with lines linetype 2 title 'after clipping; below: share of updates clipped', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) title 'threshold'

# Panel 1: no clipping: share of updates that are clipped
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.5221429
  set bmargin at screen 0.1421446; set tmargin at screen 0.2588529
}
set title (paged ? 'no clipping: share of updates that are clipped' : '') noenhanced
set xlabel (paged ? 'update' : 'update')
set ylabel (paged ? 'clipped' : 'clipped')
set format x (paged ? '%g' : '%g')
set format x '%g'
set xrange [0:3090]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set yrange [0:1.05]
set ytics ('0' 0, '100 %%' 1); set format y '%g'
if (!paged) { set label 'no clip' at graph 0.5, graph 0.5 center front font sized(0.85) textcolor rgb '#777777' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot -1 notitle, \
  keyentry with lines linetype 1 title 'before clipping: mean, shaded up to the largest', \
  keyentry with lines linetype 2 title 'after clipping; below: share of updates clipped', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) title 'threshold'

# Panel 2: global-norm:1
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5407143; set rmargin at screen 0.9785714
  set bmargin at screen 0.2912718; set tmargin at screen 0.7905237
}
set title 'global-norm:1' noenhanced offset 0, lowered
if (!paged) { set label 'sets the step size: clips 59 % of updates' at graph 0.02, graph 0.965035 left front font sized(0.85) textcolor rgb '#333333' }
if (!paged) { set label 'all 3 seeds vanished' at graph 0.02, graph 0.9200799 left front font sized(0.85) textcolor rgb '#333333' }
if (!paged) { set label 'seed 0 vanished: ‖∂L/∂h‖ at T/5 is 10^{-38.5} of T''s' at graph 0.02, graph 0.8751249 left front font sized(0.85) textcolor rgb '#333333' }
set xlabel (paged ? '' : '')
set ylabel (paged ? 'norm of the whole gradient' : '')
set format x (paged ? '%g' : '%g')
set format x (paged ? '%g' : '')
set xrange [0:3090]
set xtics ((paged ? '0' : '') 0, (paged ? '1000' : '') 1000, (paged ? '2000' : '') 2000, (paged ? '3000' : '') 3000)
set yrange [-0.2960756:1.497402]
set ytics 0, 0.5, 1
set format y (paged ? '1e%g' : '')
set ytics ((paged ? '1' : '') 0, (paged ? '2' : '') 0.30103, (paged ? '5' : '') 0.69897, (paged ? '10' : '') 1, (paged ? '20' : '') 1.30103)
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 1 using update:(shown(log10_grad_before)):(shown(log10_grad_before_max)) with filledcurves linetype 1 notitle, \
  0 with lines linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) notitle, \
  data skip 1 index 1 using update:(shown(log10_grad_before)) with lines linetype 1 linewidth 1.4 notitle, \
  data skip 1 index 1 using update:(shown(log10_grad_after)) with lines linetype 2 linewidth 1.6 notitle, \
  keyentry with lines linetype 1 title 'before clipping: mean, shaded up to the largest', \
  keyentry with lines linetype 2 title 'after clipping; below: share of updates clipped', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) title 'threshold'

# Panel 2: global-norm:1: share of updates that are clipped
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5407143; set rmargin at screen 0.9785714
  set bmargin at screen 0.1421446; set tmargin at screen 0.2588529
}
set title (paged ? 'global-norm:1: share of updates that are clipped' : '') noenhanced
set xlabel (paged ? 'update' : 'update')
set ylabel (paged ? 'clipped' : '')
set format x (paged ? '%g' : '%g')
set format x '%g'
set xrange [0:3090]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set yrange [0:1.05]
set ytics ((paged ? '0' : '') 0, (paged ? '100 %%' : '') 1)
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 1 using update:(0):engaged with filledcurves linetype 2 notitle, \
  data skip 1 index 1 using update:engaged with lines linetype 2 dashtype solid linewidth 1.4 notitle, \
  keyentry with lines linetype 1 title 'before clipping: mean, shaded up to the largest', \
  keyentry with lines linetype 2 title 'after clipping; below: share of updates clipped', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) title 'threshold'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'hidden size 64 · batch 32 · sequence length T = 100 · input scale 1 ·' }
if (paged) { print 'initializer gaussian · float32 · spectral radius 1 at the start · optimizer' }
if (paged) { print 'adam:0.9:0.999 · learning rate 0.005 · readout starts at chance at most 3000' }
if (paged) { print 'updates · task adding · rnn (first of 2) · each point: mean of log10 over 24' }
if (paged) { print 'updates · seed 0 of 3 is drawn; text counts all seeds · run adding-rnn-vs-lstm' }
