# Which rule lets the network learn, and when?
#
# The data are in loss.csv beside this script. To draw it again, from any directory:
#   gnuplot -d loss.gp                       loss.svg and loss.png beside the script
#   gnuplot -d -e "format='pdf'" loss.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "loss.csv"
target = exists("output") ? output : directory . "loss." . format
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

# The columns of loss.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; quantity = 5; update = 6; loss = 7
low = 8; high = 9; seeds = 10

set linetype 1 linecolor rgb '#000000' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Error on the way down the cliff}' at screen 0.01714286, screen 0.9522388 left font sized(1.3) textcolor rgb '#000000'
  set label 'no clipping – test loss 0.081; global-norm:0.05 – test loss 4.01e-12' at screen 0.01714286, screen 0.9104478 left font sized(1) textcolor rgb '#222222'
  set label '1 seed · optimizer sgd · learning rate 2 · schedule cosine · at most 50 updates · task cliff · lines: loss of each update''s batch · points: loss on the test set · run cliff' at screen 0.01714286, screen 0.0238806 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Error on the way down the cliff' }
if (paged) { print 'no clipping – test loss 0.081; global-norm:0.05 – test loss 4.01e-12' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8865672
  set bmargin at screen 0.8537313
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with linespoints linetype 1 title 'no clipping', \
    keyentry with linespoints linetype 2 title 'global-norm:0.05'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
level(c) = strcol(c) eq 'inf' ? -0.1142963 : column(c) > 0 ? log10(column(c)) : -11.83123

# Panel 1: the cliff
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1402985; set tmargin at screen 0.7820896
}
set title 'the cliff' noenhanced offset 0, lowered
set xlabel (paged ? 'update' : 'update')
set ylabel (paged ? 'error E(w, b)' : 'error E(w, b)')
set format x (paged ? '%g' : '%g')
set format x '%g'
set xrange [0:51.5]
set xtics ('0' 0, '20' 20, '40' 40)
set yrange [-11.83123:-0.1142963]
set ytics -10, 2, -2
set format y (paged ? '1e%g' : '10^{%g}')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 0 using update:(level(loss)) with lines linetype 1 notitle, \
  data skip 1 index 2 using update:(level(loss)) with lines linetype 2 notitle, \
  data skip 1 index 1 using update:(level(loss)) with points linetype 1 notitle, \
  data skip 1 index 3 using update:(level(loss)) with points linetype 2 notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:0.05'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print '1 seed · optimizer sgd · learning rate 2 · schedule cosine · at most 50' }
if (paged) { print 'updates · task cliff · lines: loss of each update''s batch · points: loss on' }
if (paged) { print 'the test set · run cliff' }
