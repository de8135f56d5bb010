# Where do gradients vanish, survive and explode?
#
# The data are in phase.csv beside this script. To draw it again, from any directory:
#   gnuplot -d phase.gp                       phase.svg and phase.png beside the script
#   gnuplot -d -e "format='pdf'" phase.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "phase.csv"
target = exists("output") ? output : directory . "phase." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 442 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 442 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 442 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 442 / 96.0 enhanced \
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

# The columns of phase.csv.
cell = 1; forget_bias = 2; spectral_radius = 3; sequence_length = 4; column_index = 5
row_index = 6; log10_ratio_median = 7; trials = 8; state = 9; label = 10


# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Where gradients vanish, survive and explode}' at screen 0.01714286, screen 0.9276018 left font sized(1.3) textcolor rgb '#000000'
  set label 'log10 of ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖: gradients vanish on the way back in blue cells and explode in brown ones; the black line separates the two; dashed: mean-field critical line χ = 1, for' at screen 0.01714286, screen 0.8642534 left font sized(1) textcolor rgb '#222222'
  set label 'σ_w = ρ and ρ/ρ_N' at screen 0.01714286, screen 0.8099548 left font sized(1) textcolor rgb '#222222'
  set label '1 seed · hidden size 48 · input size 8 · batch 1 · input scale 1 · initializer gaussian · loss final-dot · clip none · float64 · LSTM forget bias 1 · task gaussian-noise · run long-horizon' at screen 0.01714286, screen 0.0361991 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Where gradients vanish, survive and explode' }
if (paged) { print 'log10 of ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖: gradients vanish on the way back in blue cells' }
if (paged) { print 'and explode in brown ones; the black line separates the two; dashed:' }
if (paged) { print 'mean-field critical line χ = 1, for σ_w = ρ and ρ/ρ_N' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.7737557
  set bmargin at screen 0.7556561
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 1
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
set palette defined (-1 '#053061', -0.66 '#2c7bb6', -0.33 '#9ecae1', 0 '#ffffff', 0.33 '#fdb863', 0.66 '#d7711a', 1 '#7f3b08')
limit = 40000
set cbrange [-limit:limit]
set cbtics ('10^{-40000}' -40000, '10^{-30000}' -30000, '10^{-20000}' -20000, '10^{-10000}' -10000, '10^{0}' 0, '10^{10000}' 10000, '10^{20000}' 20000, '10^{30000}' 30000, '10^{40000}' 40000)
set colorbox vertical user origin screen 0.9071429, screen 0.2126697 size screen 0.01571429, screen 0.4524887
unset colorbox
ratio(c) = strcol(c) eq '-inf' ? -2 * limit : strcol(c) eq 'inf' ? 2 * limit : column(c)
saturated(c) = ratio(c) < -limit ? -limit : ratio(c) > limit ? limit : ratio(c)
ink(c) = abs(saturated(c)) > 0.5 * limit ? 0xffffff : 0x000000
set style fill solid 1 border linecolor rgb '#ffffff'
set xrange [-0.5:1.5]
set yrange [-0.5:0.5]
unset grid; set tics scale 0

# Panel 1: rnn
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.4792857
  set bmargin at screen 0.2126697; set tmargin at screen 0.6651584
}
set title 'rnn' noenhanced offset 0, lowered
set xlabel (paged ? 'spectral radius ρ of W_hh' : 'spectral radius ρ of W_{hh}')
set ylabel (paged ? 'sequence length T (steps)' : 'sequence length T (steps)')
set format x (paged ? '%g' : '%g')
set xtics ('0.85' 0, '16' 1)
set ytics ('100000' 0)
unset colorbox
if (!paged) { set arrow from 0.5, -0.5 to 0.5, 0.5 nohead front linecolor rgb '#000000' linewidth 2.5 }
if (!paged) { set arrow from 0.06637552, -0.5 to 0.06637552, 0 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4) }
if (!paged) { set arrow from 0.06637552, 0 to 0.06637552, 0.5 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4) }
if (!paged) { set arrow from 0.07376778, -0.5 to 0.07376778, 0 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4) }
if (!paged) { set arrow from 0.07376778, 0 to 0.07376778, 0.5 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4) }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using column_index:row_index:(0.5):(0.5):(saturated(log10_ratio_median)) with boxxyerror fillcolor palette notitle, \
  data skip 1 index 0 using column_index:row_index:(strcol(label)):(ink(log10_ratio_median)) with labels font sized(0.78) textcolor rgb variable notitle

# Panel 2: lstm, forget bias 1
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.4978571; set rmargin at screen 0.8928571
  set bmargin at screen 0.2126697; set tmargin at screen 0.6651584
}
set title 'lstm, forget bias 1' noenhanced offset 0, lowered
set xlabel (paged ? 'spectral radius ρ of W_hh' : 'spectral radius ρ of W_{hh}')
set ylabel (paged ? 'sequence length T (steps)' : '')
set format x (paged ? '%g' : '%g')
set xtics ('0.85' 0, '16' 1)
set ytics ((paged ? '100000' : '') 0)
if (!paged) { set colorbox }
if (!paged) { set arrow from 0.5, -0.5 to 0.5, 0.5 nohead front linecolor rgb '#000000' linewidth 2.5 }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 1 using column_index:row_index:(0.5):(0.5):(saturated(log10_ratio_median)) with boxxyerror fillcolor palette notitle, \
  data skip 1 index 1 using column_index:row_index:(strcol(label)):(ink(log10_ratio_median)) with labels font sized(0.78) textcolor rgb variable notitle

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print '1 seed · hidden size 48 · input size 8 · batch 1 · input scale 1 · initializer' }
if (paged) { print 'gaussian · loss final-dot · clip none · float64 · LSTM forget bias 1 · task' }
if (paged) { print 'gaussian-noise · run long-horizon' }
