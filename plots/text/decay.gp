# How do gradients change on their way back through time?
#
# Gradient norms on the way back through time. At lag 99, cross-entropy-final: 10⁻²³ (rnn) to 10⁻⁹ (lstm);
# cross-entropy-every-step: 10⁻³ throughout
# Note: the loss at every step refreshes the gradient on its way back, so total norms look flat and hide
# vanishing. To see vanishing, use loss: cross-entropy-final.
# median and quartiles over 5 seeds · hidden size 64 · batch 16 · sequence length T = 100 · input scale 1 ·
# initializer gaussian · clip none · float32 · ρ = 1 (nearest 1 of 4) · LSTM forget bias 1 · task text ·
# ∂L/∂c_t, within 0.37 decades of ∂L/∂h_t, not drawn · run text (e06389a759c1)
# gradflow 0.1.0, run text (e06389a759c1)
#
# The data are in decay.csv beside this script. To draw it again, from any directory:
#   gnuplot -d decay.gp                       decay.svg and decay.png beside the script
#   gnuplot -d -e "format='pdf'" decay.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: d7e83f125a61f41094bb7695429dfb231c3a773a874316d96bd8833ac75f0abd

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
  set terminal svg size 1400, 572.74 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 573 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 573 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 572.74 / 96.0 enhanced \
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
cell = 1; forget_bias = 2; loss_kind = 3; gradient = 4; lag = 5; log10_median = 6
log10_q25 = 7; log10_q75 = 8; seeds = 9

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gradient norms on the way back through time}' at screen 0.017, screen 0.943779 left font sized(1.3) textcolor rgb '#000000'
set label 'At lag 99, cross-entropy-final: 10^{−23} (rnn) to 10^{−9} (lstm); cross-entropy-every-step: 10^{−3} throughout' at screen 0.017, screen 0.8948912 left font sized(1) textcolor rgb '#222222'
set label 'Note: the loss at every step refreshes the gradient on its way back, so total norms look flat and hide vanishing. To see vanishing, use loss: cross-entropy-final.' at screen 0.017, screen 0.8530922 left font sized(1) textcolor rgb '#B34700'
set label 'median and quartiles over 5 seeds · hidden size 64 · batch 16 · sequence length T = 100 · input scale 1 · initializer gaussian · clip none · float32 · ρ = 1 (nearest 1 of 4) · LSTM forget bias 1 · task text' at screen 0.017, screen 0.06282083 left font sized(0.86) textcolor rgb '#555555'
set label '∂L/∂c_t, within 0.37 decades of ∂L/∂h_t, not drawn · run text (e06389a759c1)' at screen 0.017, screen 0.02786605 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8259594; set bmargin at screen 0.7875825
set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'cross-entropy-final', \
  keyentry with lines linetype 2 title 'cross-entropy-every-step'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.356
set bmargin at screen 0.1994622; set tmargin at screen 0.7142508
set title 'rnn' offset 0, lowered font sized(1)
set grid
set label 'lag T − t (steps)' at screen 0.52125, screen 0.1261305 center
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set ylabel '‖∂L/∂h_t‖ (geometric mean over batch)' font sized(1)
set yrange [-24.1277:-0.3158251]
set ytics ('10^{−20}' -20, '10^{−15}' -15, '10^{−10}' -10, '10^{−5}' -5)
unset colorbox
unset key
plot data skip 1 index 0 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:log10_median with lines linetype 2 notitle

# Panel 2: lstm
unset label; unset object; unset arrow
set lmargin at screen 0.375; set rmargin at screen 0.6675
set bmargin at screen 0.1994622; set tmargin at screen 0.7142508
set title 'lstm' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set ylabel '' font sized(1)
set yrange [-24.1277:-0.3158251]
set ytics ('' -20, '' -15, '' -10, '' -5)
unset colorbox
unset key
plot data skip 1 index 2 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 3 using lag:log10_median with lines linetype 2 notitle

# Panel 3: gru
unset label; unset object; unset arrow
set lmargin at screen 0.6865; set rmargin at screen 0.979
set bmargin at screen 0.1994622; set tmargin at screen 0.7142508
set title 'gru' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set ylabel '' font sized(1)
set yrange [-24.1277:-0.3158251]
set ytics ('' -20, '' -15, '' -10, '' -5)
unset colorbox
unset key
plot data skip 1 index 4 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 5 using lag:log10_median with lines linetype 2 notitle

unset multiplot
unset output
