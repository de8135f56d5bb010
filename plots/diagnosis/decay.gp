# How do gradients change on their way back, and what does theory predict?
#
# Gradient norms on the way back through time. ‖∂L/∂h_t‖ over 39 steps back: × 1.54; the loss of a single step:
# −0.14 decades per step (figure two-time)
# Note: a loss at several steps refreshes the gradient on its way back, so total norms look flat and hide
# vanishing. The figure two-time follows each step's loss separately.
# model lstm_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at
# every step · geometric mean over the batch · no predictions: the loss at several steps decides the slope
# gradflow 0.1.0
#
# The data are in decay.csv beside this script. To draw it again, from any directory:
#   gnuplot -d decay.gp                       decay.svg and decay.png beside the script
#   gnuplot -d -e "format='pdf'" decay.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: c7a34bb2175c5dde5541e4d98261be05b2753a9df462de09300052d07e85f95a

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
  set terminal svg size 1400, 662.48 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 662 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 662 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 662.48 / 96.0 enhanced \
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
layer = 1; direction = 2; curve = 3; lag = 4; log10_norm = 5; log10_low = 6; log10_high = 7

set linetype 1 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 1.8 dashtype (2,4) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gradient norms on the way back through time}' at screen 0.017, screen 0.9513948 left font sized(1.3) textcolor rgb '#000000'
set label '‖∂L/∂h_t‖ over 39 steps back: × 1.54; the loss of a single step: −0.14 decades per step (figure two-time)' at screen 0.017, screen 0.9091293 left font sized(1) textcolor rgb '#222222'
set label 'Note: a loss at several steps refreshes the gradient on its way back, so total norms look flat and hide vanishing. The figure two-time follows each step''s loss separately.' at screen 0.017, screen 0.8729924 left font sized(1) textcolor rgb '#B34700'
set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at every step · geometric mean over the batch · no predictions: the loss at several steps decides the slope' at screen 0.017, screen 0.02409129 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8495351; set bmargin at screen 0.8163567
set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title '∂L/∂h_t', \
  keyentry with lines linetype 2 title '∂L/∂c_t'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: 
unset label; unset object; unset arrow
set lmargin at screen 0.069; set rmargin at screen 0.979
set bmargin at screen 0.1422232; set tmargin at screen 0.7909975
set title '' offset 0, lowered font sized(1)
set grid
set xlabel 'lag T − t (steps)' font sized(1)
set xrange [0:39]
set xtics ('0' 0, '10' 10, '20' 20, '30' 30)
set ylabel '‖∂L/∂h_t‖ (geometric mean over batch)' font sized(1)
set yrange [-3.44579:-1.28579]
set ytics ('0.0005' -3.30103, '0.001' -3, '0.002' -2.69897, '0.005' -2.30103, '0.01' -2, '0.02' -1.69897, '0.05' -1.30103)
y_place(v) = (v < -3.44579 ? -3.44579 : v > -1.28579 ? -1.28579 : v)
y_at(c) = strcol(c) eq 'inf' ? -1.28579 : strcol(c) eq '-inf' ? -3.44579 : y_place(column(c))
unset colorbox
unset key
plot data skip 1 index 0 using lag:(y_at(log10_norm)) with lines linetype 2 notitle, \
  data skip 1 index 1 using lag:(y_at(log10_norm)) with lines linetype 1 notitle

unset multiplot
unset output
