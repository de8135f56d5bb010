# How do gradients change on their way back through time?
#
# Gradient norms on the way back through time. At lag 99,999, rnn: 10^−31,180 (ρ = 0.85) to 10^29,306 (ρ = 16);
# lstm: 10⁻⁹⁶²⁰ (ρ = 0.85) to 10^22,297 (ρ = 16)
# 1 seed · hidden size 48 · input size 8 · batch 1 · sequence length T = 100,000 · input scale 1 · initializer
# gaussian · loss final-dot · clip none · float64 · LSTM forget bias 1 · task gaussian-noise · ∂L/∂c_t, within
# 0.67 decades of ∂L/∂h_t, not drawn · 250 of 100,000 lags drawn · run long-horizon (b8a7b5257086)
# gradflow 0.1.0, run long-horizon (b8a7b5257086)
#
# The data are in decay.csv beside this script. To draw it again, from any directory:
#   gnuplot -d decay.gp                       decay.svg and decay.png beside the script
#   gnuplot -d -e "format='pdf'" decay.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 84114685f8822808d2578c6eda49ce815fa31bbb3716847e0aba74f2d3ef15c3

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
if (format eq "svg") {
  set terminal svg size 1400, 683.76 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 684 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 684 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 683.76 / 96.0 enhanced \
    font "DejaVu Sans,10.5"
}
set output target

sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? 14 : 10.5))
# A key takes no call for its font.
key_font = sized(0.85)
# The svg terminal sets panel titles higher than the others.
lowered = (format eq "svg") ? -0.6 : 0
set datafile separator comma
# Of the colour bar, too.
set style fill solid 1 noborder
set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder

# The columns of decay.csv.
spectral_radius = 1; cell = 2; forget_bias = 3; gradient = 4; lag = 5; log10_median = 6
log10_q25 = 7; log10_q75 = 8; seeds = 9

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gradient norms on the way back through time}' at screen 0.017, screen 0.9529075 left font sized(1.3) textcolor rgb '#000000'
set label 'At lag 99,999, rnn: 10^{−31,180} (ρ = 0.85) to 10^{29,306} (ρ = 16); lstm: 10^{−9620} (ρ = 0.85) to 10^{22,297} (ρ = 16)' at screen 0.017, screen 0.9119574 left font sized(1) textcolor rgb '#222222'
set label '1 seed · hidden size 48 · input size 8 · batch 1 · sequence length T = 100,000 · input scale 1 · initializer gaussian · loss final-dot · clip none · float64 · LSTM forget bias 1 · task gaussian-noise' at screen 0.017, screen 0.0526208 left font sized(0.86) textcolor rgb '#555555'
set label '∂L/∂c_t, within 0.67 decades of ∂L/∂h_t, not drawn · 250 of 100,000 lags drawn · run long-horizon (b8a7b5257086)' at screen 0.017, screen 0.02334152 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8892301; set bmargin at screen 0.8570844
set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: ρ = 0.85
unset label; unset object; unset arrow
set lmargin at screen 0.091; set rmargin at screen 0.5255
set bmargin at screen 0.1670762; set tmargin at screen 0.7956593
set title 'ρ = 0.85' offset 0, lowered font sized(1)
set grid
set label 'lag T − t (steps)' at screen 0.535, screen 0.1056511 center
set xlabel '' font sized(1)
set xrange [0:99999]
set xtics ('0' 0, '20,000' 20000, '40,000' 40000, '60,000' 60000, '80,000' 80000)
set ylabel '‖∂L/∂h_t‖ (geometric mean over batch)' font sized(1)
set yrange [-33599.73:31725.95]
set ytics ('10^{−30,000}' -30000, '10^{−20,000}' -20000, '10^{−10,000}' -10000, '10^{0}' 0, '10^{10,000}' 10000, '10^{20,000}' 20000, '10^{30,000}' 30000)
unset colorbox
unset key
plot data skip 1 index 0 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:log10_median with lines linetype 2 notitle

# Panel 2: ρ = 16
unset label; unset object; unset arrow
set lmargin at screen 0.5445; set rmargin at screen 0.979
set bmargin at screen 0.1670762; set tmargin at screen 0.7956593
set title 'ρ = 16' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99999]
set xtics ('0' 0, '20,000' 20000, '40,000' 40000, '60,000' 60000, '80,000' 80000)
set ylabel '' font sized(1)
set yrange [-33599.73:31725.95]
set ytics ('' -30000, '' -20000, '' -10000, '' 0, '' 10000, '' 20000, '' 30000)
unset colorbox
unset key
plot data skip 1 index 2 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 3 using lag:log10_median with lines linetype 2 notitle

unset multiplot
unset output
