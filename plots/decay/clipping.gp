# What does clipping do to exploding gradients?
#
# Gradient norms before and after clipping: rnn, ρ = 2.5. Without clipping norms go from 31.1 to 10^13.2 over
# 199 steps back: the largest mean decay rate of the 27 clipped settings.
# median and quartiles over 10 seeds · cell rnn · hidden size 64 · input size 16 · batch 16 · sequence length
# T = 200 (longest of 4) · input scale 1 · initializer gaussian · loss final-dot · float32 · task gaussian-noise
# · step clip: steps above the threshold are cut to it, the others lie below it · cosine of the gradients of all
# parameters with and without clipping · run decay (bb276bca7c9d)
# gradflow 0.1.0, run decay (bb276bca7c9d)
#
# The data are in clipping.csv beside this script. To draw it again, from any directory:
#   gnuplot -d clipping.gp                       clipping.svg and clipping.png beside the script
#   gnuplot -d -e "format='pdf'" clipping.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 0cafb5174039621a45ee87d847bb2898b21b82f3743eb644f66dff6639c575f4

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
data = directory . "clipping.csv"
target = exists("output") ? output : directory . "clipping." . format
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

# The columns of clipping.csv.
cell = 1; forget_bias = 2; spectral_radius = 3; input_scale = 4; clip = 5; norm = 6; lag = 7
log10_median = 8; log10_q25 = 9; log10_q75 = 10; seeds = 11

set linetype 1 linecolor rgb '#000000' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gradient norms before and after clipping: rnn, ρ = 2.5}' at screen 0.017, screen 0.9529075 left font sized(1.3) textcolor rgb '#000000'
set label 'Without clipping norms go from 31.1 to 10^{13.2} over 199 steps back: the largest mean decay rate of the 27 clipped settings.' at screen 0.017, screen 0.9119574 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 10 seeds · cell rnn · hidden size 64 · input size 16 · batch 16 · sequence length T = 200 (longest of 4) · input scale 1 · initializer gaussian · loss final-dot · float32' at screen 0.017, screen 0.0526208 left font sized(0.86) textcolor rgb '#555555'
set label 'task gaussian-noise · step clip: steps above the threshold are cut to it, the others lie below it · cosine of the gradients of all parameters with and without clipping · run decay (bb276bca7c9d)' at screen 0.017, screen 0.02334152 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8892301; set bmargin at screen 0.8570844
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'without clipping', \
  keyentry with lines linetype 2 title 'what the rule passes on', \
  keyentry with lines linetype 3 title 'threshold of a step rule'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: step clip 1
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.979
set bmargin at screen 0.1670762; set tmargin at screen 0.7956593
set title 'step clip 1' offset 0, lowered font sized(1)
set grid
set xlabel 'lag T − t (steps)' font sized(1)
set xrange [0:199]
set xtics ('0' 0, '50' 50, '100' 100, '150' 150)
set ylabel '‖∂L/∂h_t‖ (whole batch)' font sized(1)
set yrange [-0.6240597:14.32901]
set ytics ('10^{0}' 0, '10^{5}' 5, '10^{10}' 10)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'cuts 84.5 % of steps' at graph 0.02, graph 0.9663844 left front font sized(0.85) textcolor rgb '#333333'
set label 'cosine 0.249' at graph 0.02, graph 0.9243648 left front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 0 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:log10_median with lines linetype 2 notitle

unset multiplot
unset output
