# How far back do gradients reach while a network learns?
#
# ‖∂L/∂h_t‖ during training: how far back gradients reach. Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first →
# last profile drawn: clip 1 + penalty – all 3 seeds solved (10⁻⁷ → 2.08); clip 1 – 2 of 3 seeds vanished, 1
# solved (10⁻⁷ → 10⁻⁸); no clipping – 2 of 3 seeds vanished, 1 exploded (10⁻⁷ → 10⁻⁸)
# cell rnn · hidden size 50 · batch 20 · sequence length T = 50 · weights ~ N(0, 0.1²) · optimizer sgd ·
# learning rate 0.01 · at most 60,000 updates · task temporal-order · norm over the batch · columns: update 1,
# then every 1000 · lags evenly spaced · drawn: seed 1 of 3; the text above summarises all seeds · T: the
# longest of 2 · run temporal-order (7e9d01409c96)
# gradflow 0.1.0, run temporal-order (7e9d01409c96)
#
# The data are in evolution.csv beside this script. To draw it again, from any directory:
#   gnuplot -d evolution.gp                       evolution.svg and evolution.png beside the script
#   gnuplot -d -e "format='pdf'" evolution.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: a659033b801798c8d322114d29e52dbf05b5ed9cb36245f19734130f41169558

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
data = directory . "evolution.csv"
target = exists("output") ? output : directory . "evolution." . format
if (format eq "svg") {
  set terminal svg size 1400, 505.232 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 505 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 505 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 505.232 / 96.0 enhanced \
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

# The columns of evolution.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; precision = 5; seed = 6; lag = 7
column = 8; update = 9; log10_grad_h = 10

set linetype 1 linecolor rgb '#222222' linewidth 2 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold ‖∂L/∂h_t‖ during training: how far back gradients reach}' at screen 0.017, screen 0.9362669 left font sized(1.3) textcolor rgb '#000000'
set label 'Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile drawn: clip 1 + penalty – all 3 seeds solved (10^{−7} → 2.08); clip 1 – 2 of 3 seeds vanished, 1 solved (10^{−7} → 10^{−8}); no' at screen 0.017, screen 0.8808468 left font sized(1) textcolor rgb '#222222'
set label 'clipping – 2 of 3 seeds vanished, 1 exploded (10^{−7} → 10^{−8})' at screen 0.017, screen 0.8334626 left font sized(1) textcolor rgb '#222222'
set label 'cell rnn · hidden size 50 · batch 20 · sequence length T = 50 · weights \~ N(0, 0.1²) · optimizer sgd · learning rate 0.01 · at most 60,000 updates · task temporal-order · norm over the batch' at screen 0.017, screen 0.07121481 left font sized(0.86) textcolor rgb '#555555'
set label 'columns: update 1, then every 1000 · lags evenly spaced · drawn: seed 1 of 3; the text above summarises all seeds · T: the longest of 2 · run temporal-order (7e9d01409c96)' at screen 0.017, screen 0.03158945 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8027045; set bmargin at screen 0.7860785
set key inside left top horizontal Left reverse samplen 3.5 maxcols 1 width -12
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: no clipping: vanished
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.2943333
set bmargin at screen 0.2261139; set tmargin at screen 0.7195744
set title 'no clipping: vanished' offset 0, lowered font sized(1)
unset grid
set label 'update (thousands)' at screen 0.47, screen 0.1429838 center
set xlabel '' font sized(1)
set xrange [-0.5:56.5]
set xtics ('0' 0, '20' 19, '40' 37, '60' 56)
set ylabel 'lag T − t (steps)' font sized(1)
set yrange [-0.875:49.875]
set ytics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40)
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -9; greatest = 0.04604063
set cbrange [least:greatest]
set cbtics ('10^{−8}' -8, '10^{−6}' -6, '10^{−4}' -4, '10^{−2}' -2, '10^{0}' 0)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? NaN : bounded(column(c))
ink(c) = shade(c) < least + 0.6 * (greatest - least) ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.2261139 size screen 0.016, screen 0.4934604
set label '‖∂L/∂h_t‖' at screen 0.914, screen 0.7500554 left
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 0 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 2: clip 1: vanished
unset label; unset object; unset arrow
set lmargin at screen 0.3463333; set rmargin at screen 0.5936667
set bmargin at screen 0.2261139; set tmargin at screen 0.7195744
set title 'clip 1: vanished' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:56.5]
set xtics ('0' 0, '20' 19, '40' 37, '60' 56)
set ylabel '' font sized(1)
set yrange [-0.875:49.875]
set ytics ('' 0, '' 10, '' 20, '' 30, '' 40)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 1 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 3: clip 1 + penalty: solved after 5500
unset label; unset object; unset arrow
set lmargin at screen 0.6456667; set rmargin at screen 0.893
set bmargin at screen 0.2261139; set tmargin at screen 0.7195744
set title 'clip 1 + penalty: solved after 5500' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:5.59]
set xtics ('0' 0, '2' 2, '4' 4)
set ylabel '' font sized(1)
set yrange [-0.5:49.5]
set ytics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
set arrow from first 5.5, graph 0 to first 5.5, graph 1 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' solved ' at first 5.5, graph 0.96 right front boxed font sized(0.85) textcolor rgb '#D6006C'
unset key
plot data skip 1 index 2 using column:lag:(shade(log10_grad_h)) with image notitle

unset multiplot
unset output
