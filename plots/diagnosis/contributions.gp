# Which steps make up the gradient of W_hh, and do they point the same way?
#
# The data are in contributions.csv beside this script. To draw it again, from any directory:
#   gnuplot -d contributions.gp                       contributions.svg and contributions.png beside the script
#   gnuplot -d -e "format='pdf'" contributions.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "contributions.csv"
target = exists("output") ? output : directory . "contributions." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 884 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 884 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 884 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 884 / 96.0 enhanced \
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

# The columns of contributions.csv.
layer = 1; direction = 2; gate = 3; lag = 4; log10_norm = 5; cosine = 6

set linetype 1 linecolor rgb '#0072B2' linewidth 2.0 dashtype (10,4) pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype solid pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#009E73' linewidth 2.0 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 4 linecolor rgb '#CC79A7' linewidth 2.0 dashtype (5,3) pointtype 13 pointsize 1
set linetype 5 linecolor rgb '#000000' linewidth 1.4 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold What each step adds to the gradient of W_{hh}}' at screen 0.01714286, screen 0.9638009 left font sized(1.3) textcolor rgb '#000000'
  set label 'Share of Σ ‖g_t‖ that remains in ‖Σ g_t‖: 43.1 %, 5 of 40 steps opposing the total' at screen 0.01714286, screen 0.9321267 left font sized(1) textcolor rgb '#222222'
  set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · sequence length T = 40 · batch 3 · loss cross-entropy at every step · g\_t: what step t adds to ∂L/∂W\_hh, whole batch' at screen 0.01714286, screen 0.04072398 left font sized(0.86) textcolor rgb '#555555'
  set label 'cancellation: ‖Σ g\_t‖ / Σ ‖g\_t‖, 1 if all point the same way' at screen 0.01714286, screen 0.01809955 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'What each step adds to the gradient of W_hh' }
if (paged) { print 'Share of Σ ‖g_t‖ that remains in ‖Σ g_t‖: 43.1 %, 5 of 40 steps opposing the' }
if (paged) { print 'total' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9140271
  set bmargin at screen 0.8891403
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 5
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'input gate i', \
    keyentry with lines linetype 2 title 'forget gate f', \
    keyentry with lines linetype 3 title 'candidate g', \
    keyentry with lines linetype 4 title 'output gate o', \
    keyentry with lines linetype 5 title 'all gates'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
zero_level = -4.280868
overflow_level = -2.316159
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
set xrange [0:39]
set xtics 0, 10

# Panel 1: layer 0: norms
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.5067873; set tmargin at screen 0.8348416
}
set title 'layer 0: norms' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : '')
set ylabel (paged ? '‖g_t‖' : '‖g_t‖')
set format x (paged ? '%g' : '')
set yrange [-4.365473:-2.316159]
set ytics -4, 0.5, -2.5
set format y (paged ? '1e%g' : '10^{%g}')
set ytics add ('0' -4.280868)
if (!paged) { set object rectangle from graph 0, first -4.365473 to graph 1, first -4.196263 back fillcolor rgb '#eeeeee' fillstyle solid 1 noborder }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 0 using lag:(shown(log10_norm)) with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:(shown(log10_norm)) with lines linetype 2 notitle, \
  data skip 1 index 2 using lag:(shown(log10_norm)) with lines linetype 3 notitle, \
  data skip 1 index 3 using lag:(shown(log10_norm)) with lines linetype 4 notitle, \
  data skip 1 index 4 using lag:(shown(log10_norm)) with lines linetype 5 notitle, \
  keyentry with lines linetype 1 title 'input gate i', \
  keyentry with lines linetype 2 title 'forget gate f', \
  keyentry with lines linetype 3 title 'candidate g', \
  keyentry with lines linetype 4 title 'output gate o', \
  keyentry with lines linetype 5 title 'all gates'

# Panel 2: layer 0: cosine with the total
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1289593; set tmargin at screen 0.4570136
}
set title 'layer 0: cosine with the total' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set ylabel (paged ? 'cos(g_t, Σ g)' : 'cos(g_t, Σ g)')
set format x (paged ? '%g' : '%g')
set yrange [-1.08:1.08]
set ytics -1, 0.5, 1
set format y (paged ? '%g' : '%g')
if (!paged) { set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 }
unset key; set key title ''; if (paged) { set key default; set key below } else { set key title '{/*0.85 ‖Σ g‖ / Σ ‖g‖}' left; set key inside left top vertical Left reverse samplen 2 spacing 1.05 maxrows 20 opaque fillcolor rgb '#48ffffff' font key_font textcolor rgb '#333333' }
legend_entries = paged ? ', keyentry with lines linetype 1 title ''input gate i'', keyentry with lines linetype 2 title ''forget gate f'', keyentry with lines linetype 3 title ''candidate g'', keyentry with lines linetype 4 title ''output gate o'', keyentry with lines linetype 5 title ''all gates''' : ''
plot data skip 1 index 0 using lag:(column(cosine)) with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:(column(cosine)) with lines linetype 2 notitle, \
  data skip 1 index 2 using lag:(column(cosine)) with lines linetype 3 notitle, \
  data skip 1 index 3 using lag:(column(cosine)) with lines linetype 4 notitle, \
  data skip 1 index 4 using lag:(column(cosine)) with lines linetype 5 notitle, \
  keyentry with lines linetype 1 title 'i: 0.34', \
  keyentry with lines linetype 2 title 'f: 0.487', \
  keyentry with lines linetype 3 title 'g: 0.459', \
  keyentry with lines linetype 4 title 'o: 0.286', \
  keyentry with lines linetype 5 title 'all: 0.431' @legend_entries

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'model lstm_forget1 · lstm · hidden size 12 · input size 4 · sequence length T' }
if (paged) { print '= 40 · batch 3 · loss cross-entropy at every step · g_t: what step t adds to' }
if (paged) { print '∂L/∂W_hh, whole batch cancellation: ‖Σ g_t‖ / Σ ‖g_t‖, 1 if all point the same' }
if (paged) { print 'way' }
