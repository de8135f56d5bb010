# How do gradients change on their way back, and what does theory predict?
#
# The data are in decay.csv beside this script. To draw it again, from any directory:
#   gnuplot -d decay.gp                       decay.svg and decay.png beside the script
#   gnuplot -d -e "format='pdf'" decay.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "decay.csv"
target = exists("output") ? output : directory . "decay." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 694 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 694 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 694 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 694 / 96.0 enhanced \
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

# The columns of decay.csv.
layer = 1; direction = 2; curve = 3; lag = 4; log10_norm = 5; log10_low = 6; log10_high = 7

set linetype 1 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 1.8 dashtype (2,4) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#D55E00' linewidth 1.2 dashtype (2,4) pointtype 11 pointsize 1
set linetype 4 linecolor rgb '#009E73' linewidth 1.6 dashtype (2,3) pointtype 0 pointsize 1
set linetype 5 linecolor rgb '#000000' linewidth 1.1 dashtype (8,4,2,4) pointtype 0 pointsize 1
set linetype 6 linecolor rgb '#E69F00' linewidth 1.6 dashtype (12,5) pointtype 0 pointsize 1
set linetype 7 linecolor rgb '#CC79A7' linewidth 1.6 dashtype (5,3) pointtype 0 pointsize 1
set linetype 8 linecolor rgb '#0072B2' linewidth 1.6 dashtype (12,4,3,4) pointtype 0 pointsize 1
set linetype 9 linecolor rgb '#56B4E9' linewidth 1.6 dashtype (16,4) pointtype 0 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Gradient norms on the way back through time}' at screen 0.01714286, screen 0.9538905 left font sized(1.3) textcolor rgb '#000000'
  set label '‖∂L/∂h_t‖ over 39 steps back: × 1.54' at screen 0.01714286, screen 0.9135447 left font sized(1) textcolor rgb '#222222'
  set label 'Note: a loss at several steps refreshes the gradient on its way back, so total norms look flat and hide vanishing. The figure two-time follows each step''s loss separately.' at screen 0.01714286, screen 0.8789625 left font sized(1) textcolor rgb '#B34700'
  set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · sequence length T = 40 · batch 3 · loss cross-entropy at every step · geometric mean over the batch' at screen 0.01714286, screen 0.02305476 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Gradient norms on the way back through time' }
if (paged) { print '‖∂L/∂h_t‖ over 39 steps back: × 1.54' }
if (paged) { print 'Note: a loss at several steps refreshes the gradient on its way back, so total' }
if (paged) { print 'norms look flat and hide vanishing. The figure two-time follows each step''s' }
if (paged) { print 'loss separately.' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8559078
  set bmargin at screen 0.8242075
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title '∂L/∂h_t', \
    keyentry with lines linetype 2 title '∂L/∂c_t'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
zero_level = -2.690906
overflow_level = -2.040673
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
lowest = -2.690906
above(c) = column(c) < lowest ? lowest : column(c)
set xrange [0:39]
set xtics 0, 10

# Panel 1: layer 0
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1354467; set tmargin at screen 0.7550432
}
set title 'layer 0' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set ylabel (paged ? '‖∂L/∂h_t‖ (geometric mean over batch)' : '‖∂L/∂h_t‖ (geometric mean over batch)')
set format x (paged ? '%g' : '%g')
set yrange [-2.690906:-2.040673]
set ytics -2.6, 0.1, -2.1
set format y (paged ? '1e%g' : '10^{%g}')
unset key; set key title ''; if (paged) { set key default; set key below } else { set key title '{/*0.85 slope, decades per step}' left; set key inside right top vertical Left reverse samplen 2 spacing 1.05 maxrows 20 opaque fillcolor rgb '#48ffffff' font key_font textcolor rgb '#333333' }
legend_entries = paged ? ', keyentry with lines linetype 1 title ''∂L/∂h_t'', keyentry with lines linetype 2 title ''∂L/∂c_t''' : ''
plot data skip 1 index 0 using lag:(shown(log10_norm)) with lines linetype 2 notitle, \
  data skip 1 index 1 using lag:(shown(log10_norm)) with lines linetype 1 notitle, \
  keyentry with lines linetype 1 title 'measured: +0.000967' @legend_entries

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'model lstm_forget1 · lstm · hidden size 12 · input size 4 · sequence length T' }
if (paged) { print '= 40 · batch 3 · loss cross-entropy at every step · geometric mean over the' }
if (paged) { print 'batch' }
