# What does a step from the foot of a cliff do, and what does clipping make of it?
#
# The data are in cliff.csv beside this script. To draw it again, from any directory:
#   gnuplot -d cliff.gp                       cliff.svg and cliff.png beside the script
#   gnuplot -d -e "format='pdf'" cliff.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "cliff.csv"
target = exists("output") ? output : directory . "cliff." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 824 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 824 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 824 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 824 / 96.0 enhanced \
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

# The columns of cliff.csv.
quantity = 1; clip = 2; update = 3; w = 4; b = 5; error = 6; learning_rate = 7
log10_grad_before = 8; log10_grad_after = 9; clipped = 10; step = 11

set linetype 1 linecolor rgb '#000000' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Down an error surface with a cliff, with and without clipping}' at screen 0.01714286, screen 0.961165 left font sized(1.3) textcolor rgb '#000000'
  set label 'no clipping: ends at E = 0.081, w = 4.71, b = -0.479, largest gradient 1.5 (update 22), longest step 1.87 (update 22). global-norm:0.05: ends at E = 4.01e-12, w = 4.38, b = -2.22,' at screen 0.01714286, screen 0.9271845 left font sized(1) textcolor rgb '#222222'
  set label 'largest gradient 16.5 clipped to 0.05 (update 30), longest step 0.0885 (update 12), 29 of 50 updates clipped' at screen 0.01714286, screen 0.8980583 left font sized(1) textcolor rgb '#222222'
  set label 'gradient descent · learning rate 2 · schedule cosine · x\_t = w σ(x\_(t−1)) + b, t = 1…50, x\_0 = 0.5, E = (σ(x\_50) − 0.7)² · start w = 5.3, b = -1.4 · shade grows with the root of E' at screen 0.01714286, screen 0.01941748 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Down an error surface with a cliff, with and without clipping' }
if (paged) { print 'no clipping: ends at E = 0.081, w = 4.71, b = -0.479, largest gradient 1.5' }
if (paged) { print '(update 22), longest step 1.87 (update 22). global-norm:0.05: ends at E =' }
if (paged) { print '4.01e-12, w = 4.38, b = -2.22, largest gradient 16.5 clipped to 0.05 (update' }
if (paged) { print '30), longest step 0.0885 (update 12), 29 of 50 updates clipped' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8786408
  set bmargin at screen 0.8519417
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with linespoints linetype 1 title 'no clipping', \
    keyentry with linespoints linetype 2 title 'global-norm:0.05', \
    keyentry with points pointtype 13 pointsize 2 linecolor rgb '#444444' title 'start'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
level(c) = strcol(c) eq 'inf' ? -0.1142963 : column(c) > 0 ? log10(column(c)) : -11.83123

# Panel 1: error after each update
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.4528571
  set bmargin at screen 0.1140777; set tmargin at screen 0.7936893
}
set title 'error after each update' noenhanced offset 0, lowered
set xlabel (paged ? 'update' : 'update')
set ylabel (paged ? 'error E(w, b)' : 'error E(w, b)')
set format x (paged ? '%g' : '%g')
set xrange [0:51.5]
set xtics ('0' 0, '20' 20, '40' 40)
set yrange [-11.83123:-0.1142963]
set ytics -10, 2, -2
set format y (paged ? '1e%g' : '10^{%g}')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot data skip 1 index 0 using update:(level(error)) with lines linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 0 using update:(level(error)) every 1 with points linetype 1 pointsize 0.7 notitle, \
  data skip 1 index 1 using update:(level(error)) with lines linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 1 using update:(level(error)) every 1 with points linetype 2 pointsize 0.7 notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:0.05', \
  keyentry with points pointtype 13 pointsize 2 linecolor rgb '#444444' title 'start'

# Panel 2: the steps on the surface E(w, b)
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5242857; set rmargin at screen 0.8928571
  set bmargin at screen 0.1140777; set tmargin at screen 0.7936893
}
set title 'the steps on the surface E(w, b)' noenhanced offset 0, lowered
set xlabel (paged ? 'weight w' : 'weight w')
set ylabel (paged ? '' : '')
set format x (paged ? '%g' : '%g')
set ylabel 'bias b'
set palette defined (0 '#ffffff', 0.12 '#e3ecf3', 0.45 '#b4c8d8', 1 '#5d7890')
set cbrange [0:0.6076012]
set cbtics ('0' 0, '0.001' 0.03162278, '0.01' 0.1, '0.05' 0.2236068, '0.1' 0.3162278, '0.2' 0.4472136, '0.3' 0.5477226)
digit(v) = sprintf('%d', int(9.99 * v / 0.6076012))
unset grid
set style fill solid 1 noborder
set xrange [3.745131:5.745131]
set xtics 0.5; set format x '%g'
set yrange [-2.639321:-0.07704543]
set ytics 0.5; set format y '%g'
if (!paged) { set colorbox vertical user origin screen 0.9142857, screen 0.1140777 size screen 0.01571429, screen 0.6796117 }
if (!paged) { set label 'E' at screen 0.9157143, screen 0.8131068 left }
if (!paged) { set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder }
if (!paged) { set label 'step 1.87 at update 22' at first 4.504063, first -1.253045 center front noenhanced boxed font sized(0.85) textcolor rgb '#000000' }
if (!paged) { set label 'E = 0.081' at first 4.712706, first -0.4793095 right offset -1.5, 0.9 front noenhanced boxed font sized(0.85) textcolor rgb '#000000' }
if (!paged) { set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder }
if (!paged) { set label 'E = 4.01e-12' at first 4.384923, first -2.220706 right offset -1.5, -0.9 front noenhanced boxed font sized(0.85) textcolor rgb '#D55E00' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 2 using w:b:(sqrt(column(error))) with image notitle, \
  for [i=1:1 - bands] data skip 1 index 2 using w:b:((int(column(0)) % 160) % 3 == 0 && (int(column(0)) / 160) % 11 == 0 ? digit(sqrt(column(error))) : '') with labels notitle, \
  for [i=1:bands] data skip 1 index 0 using w:b with lines linecolor rgb '#ffffff' linewidth 4.5 dashtype solid notitle, \
  for [i=1:bands] data skip 1 index 0 using w:b with lines linetype 1 dashtype solid linewidth 1.6 notitle, \
  for [i=1:bands] data skip 1 index 0 using w:b every 1 with points linetype 1 pointsize 0.8 notitle, \
  for [i=1:bands] data skip 1 index 1 using w:b with lines linecolor rgb '#ffffff' linewidth 4.5 dashtype solid notitle, \
  for [i=1:bands] data skip 1 index 1 using w:b with lines linetype 2 dashtype solid linewidth 1.6 notitle, \
  for [i=1:bands] data skip 1 index 1 using w:b every 1 with points linetype 2 pointsize 0.8 notitle, \
  for [i=1:bands] data skip 1 index 0 every ::0::0 using w:b with points pointtype 13 pointsize 2 linecolor rgb '#444444' notitle, \
  keyentry with linespoints linetype 1 title 'no clipping', \
  keyentry with linespoints linetype 2 title 'global-norm:0.05', \
  keyentry with points pointtype 13 pointsize 2 linecolor rgb '#444444' title 'start'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'gradient descent · learning rate 2 · schedule cosine · x_t = w σ(x_(t−1)) + b,' }
if (paged) { print 't = 1…50, x_0 = 0.5, E = (σ(x_50) − 0.7)² · start w = 5.3, b = -1.4 · shade' }
if (paged) { print 'grows with the root of E' }
