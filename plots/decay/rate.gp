# How fast do gradients decay or grow, by spectral radius?
#
# The data are in rate.csv beside this script. To draw it again, from any directory:
#   gnuplot -d rate.gp                       rate.svg and rate.png beside the script
#   gnuplot -d -e "format='pdf'" rate.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "rate.csv"
target = exists("output") ? output : directory . "rate." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 778 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 778 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 778 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 778 / 96.0 enhanced \
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

# The columns of rate.csv.
input_scale = 1; cell = 2; forget_bias = 3; spectral_radius = 4; decay_rate_mean = 5
ci95_low = 6; ci95_high = 7; trials_with_rate = 8; trials_without_rate = 9; mean_field_low = 10
mean_field_high = 11; lyapunov_rate_mean = 12; forget_path_rate_mean = 13; tied_mean_field = 14
pascanu_bound_mean = 15

set linetype 1 linecolor rgb '#0072B2' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#E69F00' linewidth 2.0 dashtype (20,5) pointtype 15 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Decay rate of ‖∂L/∂h_t‖ by spectral radius}' at screen 0.01714286, screen 0.9588689 left font sized(1.3) textcolor rgb '#000000'
  set label 'Below 0, gradients vanish; above, they explode: rnn crosses 0 near ρ = 2.02; lstm, forget bias 0 vanishes throughout; lstm, forget bias 1 vanishes throughout' at screen 0.01714286, screen 0.9228792 left font sized(1) textcolor rgb '#222222'
  set label 'mean and its 95 % confidence interval over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 200 (longest of 4) · initializer gaussian · loss final-dot · clip none (first of 2) · float32' at screen 0.01714286, screen 0.04627249 left font sized(0.86) textcolor rgb '#555555'
  set label 'LSTM forget bias 0, 1 · task gaussian-noise · run decay' at screen 0.01714286, screen 0.02056555 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Decay rate of ‖∂L/∂h_t‖ by spectral radius' }
if (paged) { print 'Below 0, gradients vanish; above, they explode: rnn crosses 0 near ρ = 2.02;' }
if (paged) { print 'lstm, forget bias 0 vanishes throughout; lstm, forget bias 1 vanishes' }
if (paged) { print 'throughout' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9023136
  set bmargin at screen 0.7609254
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with linespoints linetype 1 title 'rnn', \
    keyentry with linespoints linetype 2 title 'lstm, forget bias 0', \
    keyentry with linespoints linetype 3 title 'lstm, forget bias 1', \
    keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'log10 ρ: linear prediction (not a criterion)', \
    keyentry with filledcurves fillcolor rgb '#0072B2' title 'mean field of a plain RNN, σ_w from ρ/ρ_N to ρ', \
    keyentry with points linecolor rgb '#444444' pointtype 6 pointsize 1.9 linewidth 1.2 title 'Lyapunov exponent λ_1 / ln 10', \
    keyentry with lines linecolor rgb '#444444' linewidth 1.2 dashtype (6,3) title 'LSTM: tied dynamic mean field', \
    keyentry with lines linecolor rgb '#444444' linewidth 1.8 dashtype (2,3) title 'LSTM: forget path (a reference, not a bound)', \
    keyentry with lines linecolor rgb '#444444' linewidth 1.2 dashtype (10,3,2,3,2,3) title 'plain RNN: at most log10 σ_{max} (Pascanu)'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
set yrange [-0.5575272:0.4520231]
set samples 500
set xrange [0.42:2.58]

# Panel 1: input scale 1
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1465296; set tmargin at screen 0.6992288
}
set title 'input scale 1' noenhanced offset 0, lowered
set xlabel (paged ? 'spectral radius ρ of W_hh' : 'spectral radius ρ of W_{hh}')
set ylabel (paged ? 'decay rate (decades per step)' : 'decay rate (decades per step)')
set format x (paged ? '%g' : '%g')
set ytics -0.4, 0.2
set format y '%g'
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using spectral_radius:mean_field_low:mean_field_high with filledcurves fillcolor rgb '#0072B2' notitle, \
  data skip 1 index 0 using spectral_radius:pascanu_bound_mean with lines linecolor rgb '#0072B2' linewidth 1.2 dashtype (10,3,2,3,2,3) notitle, \
  data skip 1 index 0 using spectral_radius:lyapunov_rate_mean with points linecolor rgb '#0072B2' pointtype 6 pointsize 1.9 linewidth 1.2 notitle, \
  data skip 1 index 1 using spectral_radius:forget_path_rate_mean with lines linecolor rgb '#D55E00' linewidth 1.8 dashtype (2,3) notitle, \
  data skip 1 index 1 using spectral_radius:tied_mean_field with lines linecolor rgb '#D55E00' linewidth 1.2 dashtype (6,3) notitle, \
  data skip 1 index 1 using spectral_radius:lyapunov_rate_mean with points linecolor rgb '#D55E00' pointtype 6 pointsize 1.9 linewidth 1.2 notitle, \
  data skip 1 index 2 using spectral_radius:forget_path_rate_mean with lines linecolor rgb '#E69F00' linewidth 1.8 dashtype (2,3) notitle, \
  data skip 1 index 2 using spectral_radius:tied_mean_field with lines linecolor rgb '#E69F00' linewidth 1.2 dashtype (6,3) notitle, \
  data skip 1 index 2 using spectral_radius:lyapunov_rate_mean with points linecolor rgb '#E69F00' pointtype 6 pointsize 1.9 linewidth 1.2 notitle, \
  0 with lines linecolor rgb '#222222' linewidth 1 dashtype solid notitle, \
  (x > 0 ? log10(x) : 1/0) with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) notitle, \
  for [i=1:bands] data skip 1 index 0 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 using spectral_radius:decay_rate_mean with linespoints linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 1 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 using spectral_radius:decay_rate_mean with linespoints linetype 2 notitle, \
  for [i=1:bands] data skip 1 index 2 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 2 using spectral_radius:decay_rate_mean with linespoints linetype 3 notitle, \
  keyentry with linespoints linetype 1 title 'rnn', \
  keyentry with linespoints linetype 2 title 'lstm, forget bias 0', \
  keyentry with linespoints linetype 3 title 'lstm, forget bias 1', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'log10 ρ: linear prediction (not a criterion)', \
  keyentry with filledcurves fillcolor rgb '#0072B2' title 'mean field of a plain RNN, σ_w from ρ/ρ_N to ρ', \
  keyentry with points linecolor rgb '#444444' pointtype 6 pointsize 1.9 linewidth 1.2 title 'Lyapunov exponent λ_1 / ln 10', \
  keyentry with lines linecolor rgb '#444444' linewidth 1.2 dashtype (6,3) title 'LSTM: tied dynamic mean field', \
  keyentry with lines linecolor rgb '#444444' linewidth 1.8 dashtype (2,3) title 'LSTM: forget path (a reference, not a bound)', \
  keyentry with lines linecolor rgb '#444444' linewidth 1.2 dashtype (10,3,2,3,2,3) title 'plain RNN: at most log10 σ_{max} (Pascanu)'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'mean and its 95 % confidence interval over 10 seeds · hidden size 64 · input' }
if (paged) { print 'size 16 · batch 16 · sequence length T = 200 (longest of 4) · initializer' }
if (paged) { print 'gaussian · loss final-dot · clip none (first of 2) · float32 LSTM forget bias' }
if (paged) { print '0, 1 · task gaussian-noise · run decay' }
