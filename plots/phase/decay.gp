# How do gradients change on their way back through time?
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

# The columns of decay.csv.
spectral_radius = 1; cell = 2; forget_bias = 3; gradient = 4; lag = 5; log10_median = 6
log10_q25 = 7; log10_q75 = 8; seeds = 9

set linetype 1 linecolor rgb '#0072B2' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#0072B2' linewidth 1.8 dashtype (2,4) pointtype 7 pointsize 1
set linetype 4 linecolor rgb '#D55E00' linewidth 1.8 dashtype (2,4) pointtype 11 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Gradient norms on the way back through time}' at screen 0.01714286, screen 0.9638009 left font sized(1.3) textcolor rgb '#000000'
  set label 'At lag 99, rnn: 10^{-48} (ρ = 0.5) to 10^{10} (ρ = 3); lstm, forget bias 1: 10^{-12} (ρ = 0.5) to 10^{0} (ρ = 3)' at screen 0.01714286, screen 0.9321267 left font sized(1) textcolor rgb '#222222'
  set label 'median and quartiles over 5 seeds · hidden size 64 · input size 16 · batch 8 · sequence length T = 100 · input scale 1 (nearest 1 of 6) · initial state scale 0.5 · washout 100 · initializer gaussian · loss final-dot' at screen 0.01714286, screen 0.04072398 left font sized(0.86) textcolor rgb '#555555'
  set label 'clip none · float32 · LSTM forget bias 1 · task gaussian-noise · run phase' at screen 0.01714286, screen 0.01809955 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Gradient norms on the way back through time' }
if (paged) { print 'At lag 99, rnn: 10^-48 (ρ = 0.5) to 10^10 (ρ = 3); lstm, forget bias 1: 10^-12' }
if (paged) { print '(ρ = 0.5) to 10^0 (ρ = 3)' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.9140271
  set bmargin at screen 0.8891403
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'rnn', \
    keyentry with lines linetype 2 title 'lstm, forget bias 1', \
    keyentry with lines linetype 4 title '∂L/∂c_t of lstm, forget bias 1'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
zero_level = -50.65953
overflow_level = 13.12793
shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)
set xrange [0:99]
set xtics 0, 20

# Panel 1: spectral radius ρ = 0.5
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.37
  set bmargin at screen 0.5067873; set tmargin at screen 0.8348416
}
set title 'spectral radius ρ = 0.5' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : '')
set ylabel (paged ? '‖∂L/∂h_t‖ (geometric mean over batch)' : '‖∂L/∂h_t‖ (geometric mean over batch)')
set format x (paged ? '%g' : '')
set yrange [-50.65953:13.12793]
set ytics -50, 10, 10
set format y (paged ? '1e%g' : '10^{%g}')
if (!paged) { set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label 'below: denormal in float32' at graph 0.02, first -37.92978 left offset 0, -0.7 font sized(0.8) textcolor rgb '#777777' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 1 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 0 using lag:(shown(log10_median)) with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:(shown(log10_median)) with lines linetype 2 notitle, \
  data skip 1 index 2 using lag:(shown(log10_median)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 1', \
  keyentry with lines linetype 4 title '∂L/∂c_t of lstm, forget bias 1'

# Panel 2: spectral radius ρ = 1
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.3885714; set rmargin at screen 0.6742857
  set bmargin at screen 0.5067873; set tmargin at screen 0.8348416
}
set title 'spectral radius ρ = 1' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : '')
set ylabel (paged ? '‖∂L/∂h_t‖ (geometric mean over batch)' : '')
set format x (paged ? '%g' : '')
set yrange [-50.65953:13.12793]
set ytics -50, 10, 10
set format y (paged ? '1e%g' : '')
if (!paged) { set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label 'below: denormal in float32' at graph 0.02, first -37.92978 left offset 0, -0.7 font sized(0.8) textcolor rgb '#777777' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 3 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 4 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 3 using lag:(shown(log10_median)) with lines linetype 1 notitle, \
  data skip 1 index 4 using lag:(shown(log10_median)) with lines linetype 2 notitle, \
  data skip 1 index 5 using lag:(shown(log10_median)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 1', \
  keyentry with lines linetype 4 title '∂L/∂c_t of lstm, forget bias 1'

# Panel 3: spectral radius ρ = 1.5
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.6928571; set rmargin at screen 0.9785714
  set bmargin at screen 0.5067873; set tmargin at screen 0.8348416
}
set title 'spectral radius ρ = 1.5' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : '')
set ylabel (paged ? '‖∂L/∂h_t‖ (geometric mean over batch)' : '')
set format x (paged ? '%g' : '')
set yrange [-50.65953:13.12793]
set ytics -50, 10, 10
set format y (paged ? '1e%g' : '')
if (!paged) { set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label 'below: denormal in float32' at graph 0.02, first -37.92978 left offset 0, -0.7 font sized(0.8) textcolor rgb '#777777' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 6 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 7 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 6 using lag:(shown(log10_median)) with lines linetype 1 notitle, \
  data skip 1 index 7 using lag:(shown(log10_median)) with lines linetype 2 notitle, \
  data skip 1 index 8 using lag:(shown(log10_median)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 1', \
  keyentry with lines linetype 4 title '∂L/∂c_t of lstm, forget bias 1'

# Panel 4: spectral radius ρ = 2
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.37
  set bmargin at screen 0.1289593; set tmargin at screen 0.4570136
}
set title 'spectral radius ρ = 2' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set ylabel (paged ? '‖∂L/∂h_t‖ (geometric mean over batch)' : '‖∂L/∂h_t‖ (geometric mean over batch)')
set format x (paged ? '%g' : '%g')
set yrange [-50.65953:13.12793]
set ytics -50, 10, 10
set format y (paged ? '1e%g' : '10^{%g}')
if (!paged) { set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label 'below: denormal in float32' at graph 0.02, first -37.92978 left offset 0, -0.7 font sized(0.8) textcolor rgb '#777777' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 9 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 10 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 9 using lag:(shown(log10_median)) with lines linetype 1 notitle, \
  data skip 1 index 10 using lag:(shown(log10_median)) with lines linetype 2 notitle, \
  data skip 1 index 11 using lag:(shown(log10_median)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 1', \
  keyentry with lines linetype 4 title '∂L/∂c_t of lstm, forget bias 1'

# Panel 5: spectral radius ρ = 2.5
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.3885714; set rmargin at screen 0.6742857
  set bmargin at screen 0.1289593; set tmargin at screen 0.4570136
}
set title 'spectral radius ρ = 2.5' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set ylabel (paged ? '‖∂L/∂h_t‖ (geometric mean over batch)' : '')
set format x (paged ? '%g' : '%g')
set yrange [-50.65953:13.12793]
set ytics -50, 10, 10
set format y (paged ? '1e%g' : '')
if (!paged) { set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label 'below: denormal in float32' at graph 0.02, first -37.92978 left offset 0, -0.7 font sized(0.8) textcolor rgb '#777777' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 12 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 13 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 12 using lag:(shown(log10_median)) with lines linetype 1 notitle, \
  data skip 1 index 13 using lag:(shown(log10_median)) with lines linetype 2 notitle, \
  data skip 1 index 14 using lag:(shown(log10_median)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 1', \
  keyentry with lines linetype 4 title '∂L/∂c_t of lstm, forget bias 1'

# Panel 6: spectral radius ρ = 3
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.6928571; set rmargin at screen 0.9785714
  set bmargin at screen 0.1289593; set tmargin at screen 0.4570136
}
set title 'spectral radius ρ = 3' noenhanced offset 0, lowered
set xlabel (paged ? 'lag T − t (steps)' : 'lag T − t (steps)')
set ylabel (paged ? '‖∂L/∂h_t‖ (geometric mean over batch)' : '')
set format x (paged ? '%g' : '%g')
set yrange [-50.65953:13.12793]
set ytics -50, 10, 10
set format y (paged ? '1e%g' : '')
if (!paged) { set arrow from graph 0, first -37.92978 to graph 1, first -37.92978 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label 'below: denormal in float32' at graph 0.02, first -37.92978 left offset 0, -0.7 font sized(0.8) textcolor rgb '#777777' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 15 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 16 using lag:(shown(log10_q25)):(shown(log10_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 15 using lag:(shown(log10_median)) with lines linetype 1 notitle, \
  data skip 1 index 16 using lag:(shown(log10_median)) with lines linetype 2 notitle, \
  data skip 1 index 17 using lag:(shown(log10_median)) with lines linetype 4 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 1', \
  keyentry with lines linetype 4 title '∂L/∂c_t of lstm, forget bias 1'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'median and quartiles over 5 seeds · hidden size 64 · input size 16 · batch 8 ·' }
if (paged) { print 'sequence length T = 100 · input scale 1 (nearest 1 of 6) · initial state scale' }
if (paged) { print '0.5 · washout 100 · initializer gaussian · loss final-dot clip none · float32' }
if (paged) { print '· LSTM forget bias 1 · task gaussian-noise · run phase' }
