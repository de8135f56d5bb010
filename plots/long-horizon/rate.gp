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
  set terminal svg size 1400, 736 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 736 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 736 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 736 / 96.0 enhanced \
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

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Decay rate of ‖∂L/∂h_t‖ by spectral radius}' at screen 0.01714286, screen 0.9565217 left font sized(1.3) textcolor rgb '#000000'
  set label 'Below 0, gradients vanish; above, they explode: rnn crosses 0 between ρ = 0.85 and 16; lstm, forget bias 1 crosses 0 between ρ = 0.85 and 16' at screen 0.01714286, screen 0.9184783 left font sized(1) textcolor rgb '#222222'
  set label '1 seed · hidden size 48 · input size 8 · batch 1 · sequence length T = 100000 · initializer gaussian · loss final-dot · clip none · float64 · LSTM forget bias 1 · task gaussian-noise · run long-horizon' at screen 0.01714286, screen 0.02173913 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Decay rate of ‖∂L/∂h_t‖ by spectral radius' }
if (paged) { print 'Below 0, gradients vanish; above, they explode: rnn crosses 0 between ρ = 0.85' }
if (paged) { print 'and 16; lstm, forget bias 1 crosses 0 between ρ = 0.85 and 16' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8967391
  set bmargin at screen 0.7771739
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with linespoints linetype 1 title 'rnn', \
    keyentry with linespoints linetype 2 title 'lstm, forget bias 1', \
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
set yrange [-1.034181:0.6608855]
set samples 500
set logscale x
set xrange [0.7083333:19.2]

# Panel 1: input scale 1
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1277174; set tmargin at screen 0.7119565
}
set title 'input scale 1' noenhanced offset 0, lowered
set xlabel (paged ? 'spectral radius ρ of W_hh' : 'spectral radius ρ of W_{hh}')
set ylabel (paged ? 'decay rate (decades per step)' : 'decay rate (decades per step)')
set format x (paged ? '%g' : '%g')
set ytics -1, 0.5
set format y '%g'
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using spectral_radius:mean_field_low:mean_field_high with filledcurves fillcolor rgb '#0072B2' notitle, \
  data skip 1 index 0 using spectral_radius:pascanu_bound_mean with lines linecolor rgb '#0072B2' linewidth 1.2 dashtype (10,3,2,3,2,3) notitle, \
  data skip 1 index 0 using spectral_radius:lyapunov_rate_mean with points linecolor rgb '#0072B2' pointtype 6 pointsize 1.9 linewidth 1.2 notitle, \
  data skip 1 index 1 using spectral_radius:forget_path_rate_mean with lines linecolor rgb '#D55E00' linewidth 1.8 dashtype (2,3) notitle, \
  data skip 1 index 1 using spectral_radius:tied_mean_field with lines linecolor rgb '#D55E00' linewidth 1.2 dashtype (6,3) notitle, \
  data skip 1 index 1 using spectral_radius:lyapunov_rate_mean with points linecolor rgb '#D55E00' pointtype 6 pointsize 1.9 linewidth 1.2 notitle, \
  0 with lines linecolor rgb '#222222' linewidth 1 dashtype solid notitle, \
  (x > 0 ? log10(x) : 1/0) with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) notitle, \
  for [i=1:bands] data skip 1 index 0 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 using spectral_radius:decay_rate_mean with linespoints linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 1 using spectral_radius:decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 using spectral_radius:decay_rate_mean with linespoints linetype 2 notitle, \
  keyentry with linespoints linetype 1 title 'rnn', \
  keyentry with linespoints linetype 2 title 'lstm, forget bias 1', \
  keyentry with lines linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) title 'log10 ρ: linear prediction (not a criterion)', \
  keyentry with filledcurves fillcolor rgb '#0072B2' title 'mean field of a plain RNN, σ_w from ρ/ρ_N to ρ', \
  keyentry with points linecolor rgb '#444444' pointtype 6 pointsize 1.9 linewidth 1.2 title 'Lyapunov exponent λ_1 / ln 10', \
  keyentry with lines linecolor rgb '#444444' linewidth 1.2 dashtype (6,3) title 'LSTM: tied dynamic mean field', \
  keyentry with lines linecolor rgb '#444444' linewidth 1.8 dashtype (2,3) title 'LSTM: forget path (a reference, not a bound)', \
  keyentry with lines linecolor rgb '#444444' linewidth 1.2 dashtype (10,3,2,3,2,3) title 'plain RNN: at most log10 σ_{max} (Pascanu)'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print '1 seed · hidden size 48 · input size 8 · batch 1 · sequence length T = 100000' }
if (paged) { print '· initializer gaussian · loss final-dot · clip none · float64 · LSTM forget' }
if (paged) { print 'bias 1 · task gaussian-noise · run long-horizon' }
