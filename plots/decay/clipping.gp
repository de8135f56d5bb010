# What does clipping do to exploding gradients?
#
# The data are in clipping.csv beside this script. To draw it again, from any directory:
#   gnuplot -d clipping.gp                       clipping.svg and clipping.png beside the script
#   gnuplot -d -e "format='pdf'" clipping.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "clipping.csv"
target = exists("output") ? output : directory . "clipping." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 670 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 670 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 670 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 670 / 96.0 enhanced \
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

# The columns of clipping.csv.
cell = 1; forget_bias = 2; spectral_radius = 3; input_scale = 4; clip = 5; norm = 6; lag = 7
log10_median = 8; log10_q25 = 9; log10_q75 = 10; seeds = 11

set linetype 1 linecolor rgb '#000000' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Gradient norms before and after clipping: rnn, ρ = 2.5}' at screen 0.01714286, screen 0.9522388 left font sized(1.3) textcolor rgb '#000000'
  set label 'Without clipping the norm grows by 10^{12} over 199 steps back, the most among the clipped settings.' at screen 0.01714286, screen 0.9104478 left font sized(1) textcolor rgb '#222222'
  set label 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 200 · input scale 1 · initializer gaussian · loss final-dot · float32 · task gaussian-noise · run decay' at screen 0.01714286, screen 0.0238806 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Gradient norms before and after clipping: rnn, ρ = 2.5' }
if (paged) { print 'Without clipping the norm grows by 10^12 over 199 steps back, the most among' }
if (paged) { print 'the clipped settings.' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8865672
  set bmargin at screen 0.8537313
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'before: recursion without clipping', \
    keyentry with lines linetype 2 title 'after: what is passed on', \
    keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) title 'threshold of a step rule'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
zero_level = -0.6240597
overflow_level = 19.05103
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
set xrange [0:199]
set xtics 0, 50

# Panel 1: step-norm, threshold 1
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1402985; set tmargin at screen 0.7820896
}
set title 'step-norm, threshold 1' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set ylabel (paged ? '‖∂L/∂h_t‖ (whole batch)' : '‖∂L/∂h_t‖ (whole batch)')
set format x (paged ? '%g' : '%g')
set yrange [-0.6240597:19.05103]
set ytics 0, 2, 14
set format y (paged ? '1e%g' : '10^{%g}')
if (!paged) { set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) }
if (!paged) { set label 'clipped 84.5 % of steps · cosine(before, after) 0.249' at graph 0.02, graph 0.94 left noenhanced front font sized(0.85) textcolor rgb '#444444' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 1 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 0 using lag:(shown(log10_median)) with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:(shown(log10_median)) with lines linetype 2 notitle, \
  keyentry with lines linetype 1 title 'before: recursion without clipping', \
  keyentry with lines linetype 2 title 'after: what is passed on', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) title 'threshold of a step rule'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16' }
if (paged) { print '· sequence length T = 200 · input scale 1 · initializer gaussian · loss' }
if (paged) { print 'final-dot · float32 · task gaussian-noise · run decay' }
