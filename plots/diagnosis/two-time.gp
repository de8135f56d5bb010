# How much of the loss of each step reaches each earlier state?
#
# ‖∂L_s/∂h_t‖: how much of the loss at step s reaches the state at step t. Slope against s − t, mean over s:
# −0.14 decades per step, halved every 2.2 steps
# model lstm_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at
# every step · norm over the batch · grey: exactly 0, L_s does not depend on h_t
# gradflow 0.1.0
#
# The data are in two-time.csv beside this script. To draw it again, from any directory:
#   gnuplot -d two-time.gp                       two-time.svg and two-time.png beside the script
#   gnuplot -d -e "format='pdf'" two-time.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: b73f2f9f5000950f21ea316d6c517143b487d539acf7b97aad914581746754d8

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
data = directory . "two-time.csv"
target = exists("output") ? output : directory . "two-time." . format
if (format eq "svg") {
  set terminal svg size 1400, 616.56 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 617 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 617 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 616.56 / 96.0 enhanced \
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

# The columns of two-time.csv.
layer = 1; direction = 2; source = 3; step = 4; log10_norm = 5

set linetype 1 linecolor rgb '#222222' linewidth 2 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold ‖∂L_s/∂h_t‖: how much of the loss at step s reaches the state at step t}' at screen 0.017, screen 0.9477748 left font sized(1.3) textcolor rgb '#000000'
set label 'Slope against s − t, mean over s: −0.14 decades per step, halved every 2.2 steps' at screen 0.017, screen 0.9023615 left font sized(1) textcolor rgb '#222222'
set label 'model lstm\_forget1 · lstm · hidden size 12 · input size 4 · T = 40 steps · batch 3 · loss cross-entropy at every step · norm over the batch · grey: exactly 0, L_s does not depend on h_t' at screen 0.017, screen 0.02588556 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8771571; set bmargin at screen 0.8635332
set key inside left top horizontal Left reverse samplen 3.5 maxcols 1 width -12
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: 
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.893
set bmargin at screen 0.1528156; set tmargin at screen 0.8499092
set title '' offset 0, lowered font sized(1)
unset grid
set xlabel 'state at step t' font sized(1)
set xrange [-0.5:40.5]
set xtics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40)
set ylabel 'loss at step s' font sized(1)
set yrange [0.5:40.5]
set ytics ('10' 10, '20' 20, '30' 30, '40' 40)
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -7; greatest = -1.831434
set cbrange [least:greatest]
set cbtics ('≤ 10^{−7}' -7, '10^{−6}' -6, '10^{−4}' -4, '10^{−2}' -2)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? NaN : bounded(column(c))
ink(c) = shade(c) < least + 0.6 * (greatest - least) ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.1528156 size screen 0.016, screen 0.6970936
set label '‖∂L_s/∂h_t‖' at screen 0.914, screen 0.8748865 left
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 0 using step:source:(shade(log10_norm)) with image notitle

unset multiplot
unset output
