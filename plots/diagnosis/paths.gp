# Which paths does the gradient of an LSTM's cell state take through time?
#
# The data are in paths.csv beside this script. To draw it again, from any directory:
#   gnuplot -d paths.gp                       paths.svg and paths.png beside the script
#   gnuplot -d -e "format='pdf'" paths.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "paths.csv"
target = exists("output") ? output : directory . "paths." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 930 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 930 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 930 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 930 / 96.0 enhanced \
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

# The columns of paths.csv.
layer = 1; direction = 2; path = 3; lag = 4; share = 5; log10_norm = 6

set linetype 1 linecolor rgb '#E69F00' linewidth 2.0 dashtype (16,4) pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#0072B2' linewidth 2.0 dashtype (10,4) pointtype 7 pointsize 1
set linetype 3 linecolor rgb '#D55E00' linewidth 2.0 dashtype solid pointtype 11 pointsize 1
set linetype 4 linecolor rgb '#009E73' linewidth 2.0 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 5 linecolor rgb '#CC79A7' linewidth 2.0 dashtype (5,3) pointtype 13 pointsize 1
set linetype 6 linecolor rgb '#000000' linewidth 1.2 dashtype solid pointtype 7 pointsize 1
set linetype 7 linecolor rgb '#56B4E9' linewidth 2.4 dashtype (2,3) pointtype 7 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Paths of ∂L/∂c_t through time}' at screen 0.01714286, screen 0.9655914 left font sized(1.3) textcolor rgb '#000000'
  set label 'Share of ∂L/∂c_t at lag 39 that arrived along c only, the carousel: 78.6 %' at screen 0.01714286, screen 0.9354839 left font sized(1) textcolor rgb '#222222'
  set label 'Note: a loss at several steps refreshes the gradient on its way back, so total norms look flat and hide vanishing. The figure two-time follows each step''s loss separately.' at screen 0.01714286, screen 0.9096774 left font sized(1) textcolor rgb '#B34700'
  set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · sequence length T = 40 · batch 3 · loss cross-entropy at every step' at screen 0.01714286, screen 0.03870968 left font sized(0.86) textcolor rgb '#555555'
  set label 'share: projection of the part onto the whole, ⟨part, ∂L/∂c\_t⟩ / ‖∂L/∂c\_t‖², signed, sum 1 · norms over the whole batch · forget path: value at lag 0 times Π f (geometric mean) (a reference, not a bound)' at screen 0.01714286, screen 0.0172043 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Paths of ∂L/∂c_t through time' }
if (paged) { print 'Share of ∂L/∂c_t at lag 39 that arrived along c only, the carousel: 78.6 %' }
if (paged) { print 'Note: a loss at several steps refreshes the gradient on its way back, so total' }
if (paged) { print 'norms look flat and hide vanishing. The figure two-time follows each step''s' }
if (paged) { print 'loss separately.' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8924731
  set bmargin at screen 0.8451613
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'carousel, along c only', \
    keyentry with lines linetype 2 title 'in through input gate i', \
    keyentry with lines linetype 3 title 'in through forget gate f', \
    keyentry with lines linetype 4 title 'in through candidate g', \
    keyentry with lines linetype 5 title 'in through output gate o', \
    keyentry with lines linetype 6 title 'whole ∂L/∂c_t', \
    keyentry with lines linetype 7 title 'forget path Π f, a reference'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
zero_level = -8.344555
overflow_level = -1.71857
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
set xrange [0:39]
set xtics 0, 10

# Panel 1: layer 0: shares
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.4817204; set tmargin at screen 0.7935484
}
set title 'layer 0: shares' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : '')
set ylabel (paged ? 'share of ∂L/∂c_t' : 'share of ∂L/∂c_t')
set format x (paged ? '%g' : '')
set yrange [-0.08688817:1.08979]
set ytics 0, 0.5, 1
set format y (paged ? '%g' : '%g')
if (!paged) { set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#888888' linewidth 1 }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 2 using lag:share with lines linetype 1 notitle, \
  data skip 1 index 3 using lag:share with lines linetype 2 notitle, \
  data skip 1 index 4 using lag:share with lines linetype 3 notitle, \
  data skip 1 index 5 using lag:share with lines linetype 4 notitle, \
  data skip 1 index 6 using lag:share with lines linetype 5 notitle, \
  keyentry with lines linetype 1 title 'carousel, along c only', \
  keyentry with lines linetype 2 title 'in through input gate i', \
  keyentry with lines linetype 3 title 'in through forget gate f', \
  keyentry with lines linetype 4 title 'in through candidate g', \
  keyentry with lines linetype 5 title 'in through output gate o', \
  keyentry with lines linetype 6 title 'whole ∂L/∂c_t', \
  keyentry with lines linetype 7 title 'forget path Π f, a reference'

# Panel 2: layer 0: norms
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1225806; set tmargin at screen 0.4344086
}
set title 'layer 0: norms' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set ylabel (paged ? '‖part of ∂L/∂c_t‖' : '‖part of ∂L/∂c_t‖')
set format x (paged ? '%g' : '%g')
set yrange [-8.629885:-1.71857]
set ytics -8, 2, -2
set format y (paged ? '1e%g' : '10^{%g}')
set ytics add ('0' -8.344555)
if (!paged) { set object rectangle from graph 0, first -8.629885 to graph 1, first -8.059226 back fillcolor rgb '#eeeeee' fillstyle solid 1 noborder }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 0 using lag:(shown(log10_norm)) with lines linetype 6 notitle, \
  data skip 1 index 1 using lag:(shown(log10_norm)) with lines linetype 7 notitle, \
  data skip 1 index 2 using lag:(shown(log10_norm)) with lines linetype 1 notitle, \
  data skip 1 index 3 using lag:(shown(log10_norm)) with lines linetype 2 notitle, \
  data skip 1 index 4 using lag:(shown(log10_norm)) with lines linetype 3 notitle, \
  data skip 1 index 5 using lag:(shown(log10_norm)) with lines linetype 4 notitle, \
  data skip 1 index 6 using lag:(shown(log10_norm)) with lines linetype 5 notitle, \
  keyentry with lines linetype 1 title 'carousel, along c only', \
  keyentry with lines linetype 2 title 'in through input gate i', \
  keyentry with lines linetype 3 title 'in through forget gate f', \
  keyentry with lines linetype 4 title 'in through candidate g', \
  keyentry with lines linetype 5 title 'in through output gate o', \
  keyentry with lines linetype 6 title 'whole ∂L/∂c_t', \
  keyentry with lines linetype 7 title 'forget path Π f, a reference'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'model lstm_forget1 · lstm · hidden size 12 · input size 4 · sequence length T' }
if (paged) { print '= 40 · batch 3 · loss cross-entropy at every step share: projection of the' }
if (paged) { print 'part onto the whole, ⟨part, ∂L/∂c_t⟩ / ‖∂L/∂c_t‖², signed, sum 1 · norms over' }
if (paged) { print 'the whole batch · forget path: value at lag 0 times Π f (geometric mean) (a' }
if (paged) { print 'reference, not a bound)' }
