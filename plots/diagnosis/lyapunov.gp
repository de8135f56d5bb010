# At what rates do perturbations of the state grow or die out along the trajectory?
#
# The data are in lyapunov.csv beside this script. To draw it again, from any directory:
#   gnuplot -d lyapunov.gp                       lyapunov.svg and lyapunov.png beside the script
#   gnuplot -d -e "format='pdf'" lyapunov.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "lyapunov.csv"
target = exists("output") ? output : directory . "lyapunov." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 714 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 714 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 714 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 714 / 96.0 enhanced \
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

# The columns of lyapunov.csv.
layer = 1; direction = 2; curve = 3; order = 4; exponent = 5; standard_error = 6
decades_per_step = 7

set linetype 1 linecolor rgb '#0072B2' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 0 pointsize 1
set linetype 3 linecolor rgb '#009E73' linewidth 2.0 dashtype (3,4) pointtype 0 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Lyapunov exponents along the trajectory}' at screen 0.01714286, screen 0.9551821 left font sized(1.3) textcolor rgb '#000000'
  set label 'Perturbations die out. λ_1 in nats per step: -0.22 ± 0.0085' at screen 0.01714286, screen 0.9159664 left font sized(1) textcolor rgb '#222222'
  set label 'Note: a loss at several steps refreshes the gradient on its way back, so total norms look flat and hide vanishing. The figure two-time follows each step''s loss separately.' at screen 0.01714286, screen 0.8823529 left font sized(1) textcolor rgb '#B34700'
  set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · sequence length T = 40 · batch 3 · loss cross-entropy at every step · trajectory of batch element 0' at screen 0.01714286, screen 0.05042017 left font sized(0.86) textcolor rgb '#555555'
  set label 'mean and standard error over 36 steps after a transient of 4 · left axis: nats per step, right axis: decades per step' at screen 0.01714286, screen 0.02240896 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Lyapunov exponents along the trajectory' }
if (paged) { print 'Perturbations die out. λ_1 in nats per step: -0.22 ± 0.0085' }
if (paged) { print 'Note: a loss at several steps refreshes the gradient on its way back, so total' }
if (paged) { print 'norms look flat and hide vanishing. The figure two-time follows each step''s' }
if (paged) { print 'loss separately.' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.859944
  set bmargin at screen 0.8291317
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with points linetype 1 title 'exponent λ_i ± standard error', \
    keyentry with lines linetype 2 title 'slope of ln ‖∂L/∂h_t‖ by lag', \
    keyentry with lines linetype 3 title 'λ_1 from the separation of neighbours'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
zero_level = -6.560354
overflow_level = 0.262277
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
set xrange [0:25]
set xtics 0, 5
set pointsize 1.0
if (!paged) {
  set ytics nomirror; set y2range [-2.849125:0.1139054]
  set y2tics -2, 1 textcolor rgb '#222222'
}

# Panel 1: layer 0
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9171429
  set bmargin at screen 0.1596639; set tmargin at screen 0.7619048
}
set title 'layer 0' noenhanced offset 0, lowered
set xlabel (paged ? 'exponent i, in order' : 'exponent i, in order')
set ylabel (paged ? 'λ_i (nats per step)' : 'λ_i (nats per step)')
set format x (paged ? '%g' : '%g')
set yrange [-6.560354:0.262277]
set ytics -6, 1, 0
set format y (paged ? '%g' : '%g')
set format y2 (paged ? '' : '%g')
set y2label (paged ? '' : 'decades per step')
if (!paged) { set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#000000' linewidth 1 }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot 0.009586942 with lines linetype 2 notitle, \
  -0.2203674 with lines linetype 3 notitle, \
  data skip 1 index 2 using order:(strcol(standard_error) eq '' ? NaN : column(exponent)):standard_error with yerrorbars linetype 1 pointtype 0 linewidth 1.2 dashtype solid notitle, \
  data skip 1 index 2 using order:(shown(exponent)) with points linetype 1 pointsize 1.0 notitle, \
  keyentry with points linetype 1 title 'exponent λ_i ± standard error', \
  keyentry with lines linetype 2 title 'slope of ln ‖∂L/∂h_t‖ by lag', \
  keyentry with lines linetype 3 title 'λ_1 from the separation of neighbours'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'model lstm_forget1 · lstm · hidden size 12 · input size 4 · sequence length T' }
if (paged) { print '= 40 · batch 3 · loss cross-entropy at every step · trajectory of batch' }
if (paged) { print 'element 0 mean and standard error over 36 steps after a transient of 4 · left' }
if (paged) { print 'axis: nats per step, right axis: decades per step' }
