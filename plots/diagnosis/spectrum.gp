# How much of the gradient do the directions of the state pass on, and over how many steps?
#
# The data are in spectrum.csv beside this script. To draw it again, from any directory:
#   gnuplot -d spectrum.gp                       spectrum.svg and spectrum.png beside the script
#   gnuplot -d -e "format='pdf'" spectrum.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "spectrum.csv"
target = exists("output") ? output : directory . "spectrum." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 1240 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1240 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 1240 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1240 / 96.0 enhanced \
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

# The columns of spectrum.csv.
layer = 1; direction = 2; block = 3; curve = 4; lag = 5; log10_sigma = 6; log10_q25 = 7
log10_q75 = 8; effective_rank = 9

set linetype 1 linecolor rgb '#D55E00' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#000000' linewidth 2.0 dashtype (8,3) pointtype 5 pointsize 1
set linetype 3 linecolor rgb '#0072B2' linewidth 2.0 dashtype (3,3) pointtype 9 pointsize 1
set linetype 4 linecolor rgb '#56B4E9' linewidth 0.5 dashtype solid pointtype 0 pointsize 1
set linetype 5 linecolor rgb '#009E73' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 6 linecolor rgb '#CC79A7' linewidth 2.0 dashtype (10,4,3,4) pointtype 5 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Singular values of the Jacobian back through time}' at screen 0.01714286, screen 0.9741935 left font sized(1.3) textcolor rgb '#000000'
  set label 'At lag 40, σ_{max} and effective rank of ∂(h, c)_T/∂(h, c)_t: 10^{-3.6}, 3.8 of 24' at screen 0.01714286, screen 0.9516129 left font sized(1) textcolor rgb '#222222'
  set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · sequence length T = 40 · batch 3 · loss cross-entropy at every step · trajectory of batch element 0 · band: quartiles over singular values' at screen 0.01714286, screen 0.02903226 left font sized(0.86) textcolor rgb '#555555'
  set label 'effective rank: exp of the entropy of σ\_i / Σσ, from 1 to their number' at screen 0.01714286, screen 0.01290323 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Singular values of the Jacobian back through time' }
if (paged) { print 'At lag 40, σ_max and effective rank of ∂(h, c)_T/∂(h, c)_t: 10^-3.6, 3.8 of 24' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9387097
  set bmargin at screen 0.9032258
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'largest σ', \
    keyentry with lines linetype 2 title 'median σ', \
    keyentry with lines linetype 3 title 'smallest σ', \
    keyentry with lines linetype 4 title 'each σ between', \
    keyentry with linespoints linetype 5 title 'effective rank, ∂h_T/∂h_t', \
    keyentry with linespoints linetype 6 title 'effective rank, ∂(h, c)_T/∂(h, c)_t'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
set xrange [0:40]
set xtics 0, 10

# Panel 1: layer 0: ∂h_T/∂h_t
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.6306452; set tmargin at screen 0.8645161
}
set title 'layer 0: ∂h_T/∂h_t' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : '')
set ylabel (paged ? 'singular values σ' : 'singular values σ')
set format x (paged ? '%g' : '')
zero_level = -9.869305
overflow_level = -0.2423474
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
set yrange [-9.869305:-0.2423474]
set ytics -8, 2, -2
set format y (paged ? '1e%g' : '10^{%g}')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 10 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 0 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 1 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 2 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 3 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 4 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 5 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 6 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 7 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 8 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 9 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 10 using lag:(shown(log10_sigma)) with lines linetype 2 notitle, \
  data skip 1 index 11 using lag:(shown(log10_sigma)) with lines linetype 3 notitle, \
  data skip 1 index 12 using lag:(shown(log10_sigma)) with lines linetype 1 notitle, \
  keyentry with lines linetype 1 title 'largest σ', \
  keyentry with lines linetype 2 title 'median σ', \
  keyentry with lines linetype 3 title 'smallest σ', \
  keyentry with lines linetype 4 title 'each σ between', \
  keyentry with linespoints linetype 5 title 'effective rank, ∂h_T/∂h_t', \
  keyentry with linespoints linetype 6 title 'effective rank, ∂(h, c)_T/∂(h, c)_t'

# Panel 2: layer 0: ∂(h, c)_T/∂(h, c)_t
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.3612903; set tmargin at screen 0.5951613
}
set title 'layer 0: ∂(h, c)_T/∂(h, c)_t' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : '')
set ylabel (paged ? 'singular values σ' : 'singular values σ')
set format x (paged ? '%g' : '')
zero_level = -34.97933
overflow_level = 1.3486
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
set yrange [-34.97933:1.3486]
set ytics -30, 10, 0
set format y (paged ? '1e%g' : '10^{%g}')
if (!paged) { set label '12 of 24 are below the plotted range at lag 40' at graph 0.02, graph 0.05 left noenhanced front font sized(0.85) textcolor rgb '#444444' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 35 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 13 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 14 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 15 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 16 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 17 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 18 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 19 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 20 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 21 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 22 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 23 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 24 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 25 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 26 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 27 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 28 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 29 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 30 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 31 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 32 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 33 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 34 using lag:(shown(log10_sigma)) with lines linetype 4 notitle, \
  data skip 1 index 35 using lag:(shown(log10_sigma)) with lines linetype 2 notitle, \
  data skip 1 index 36 using lag:(shown(log10_sigma)) with lines linetype 3 notitle, \
  data skip 1 index 37 using lag:(shown(log10_sigma)) with lines linetype 1 notitle, \
  keyentry with lines linetype 1 title 'largest σ', \
  keyentry with lines linetype 2 title 'median σ', \
  keyentry with lines linetype 3 title 'smallest σ', \
  keyentry with lines linetype 4 title 'each σ between', \
  keyentry with linespoints linetype 5 title 'effective rank, ∂h_T/∂h_t', \
  keyentry with linespoints linetype 6 title 'effective rank, ∂(h, c)_T/∂(h, c)_t'

# Panel 3: layer 0: effective rank
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.09193548; set tmargin at screen 0.3258065
}
set title 'layer 0: effective rank' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set ylabel (paged ? 'effective rank' : 'effective rank')
set format x (paged ? '%g' : '%g')
shown(c) = column(c)
set logscale y
set yrange [0.9:26.88]
set ytics autofreq
set format y (paged ? '%g' : '%g')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 38 using lag:effective_rank with linespoints linetype 5 notitle, \
  data skip 1 index 39 using lag:effective_rank with linespoints linetype 6 notitle, \
  keyentry with lines linetype 1 title 'largest σ', \
  keyentry with lines linetype 2 title 'median σ', \
  keyentry with lines linetype 3 title 'smallest σ', \
  keyentry with lines linetype 4 title 'each σ between', \
  keyentry with linespoints linetype 5 title 'effective rank, ∂h_T/∂h_t', \
  keyentry with linespoints linetype 6 title 'effective rank, ∂(h, c)_T/∂(h, c)_t'
unset logscale y

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'model lstm_forget1 · lstm · hidden size 12 · input size 4 · sequence length T' }
if (paged) { print '= 40 · batch 3 · loss cross-entropy at every step · trajectory of batch' }
if (paged) { print 'element 0 · band: quartiles over singular values effective rank: exp of the' }
if (paged) { print 'entropy of σ_i / Σσ, from 1 to their number' }
