# How does clipping change gradients during training, and why does a run fail?
#
# Gradients while learning temporal-order. clip 1 + penalty – all 3 seeds solved (the clip sets the step size:
# 89 % of updates); clip 1 – 2 of 3 seeds vanished, 1 solved (the clip is a safety net: 12 % of updates); no
# clipping – 2 of 3 seeds vanished, 1 exploded
# cell rnn · hidden size 50 · batch 20 · sequence length T = 50 · weights ~ N(0, 0.1²) · optimizer sgd ·
# learning rate 0.01 · at most 60,000 updates · task temporal-order · each point: mean of log10 over up to 400
# updates · each panel has a y axis of its own · drawn: seed 1 of 3; the text above summarises all seeds · no
# clipping: vanished, ‖∂L/∂h‖ at T/5 is 10^−6.4 of T's · clip 1: vanished, ‖∂L/∂h‖ at T/5 is 10^−6.4 of T's ·
# clip 1 + penalty: solved after 5500 updates · T: the longest of 2 · run temporal-order (7e9d01409c96)
# gradflow 0.1.0, run temporal-order (7e9d01409c96)
#
# The data are in norms.csv beside this script. To draw it again, from any directory:
#   gnuplot -d norms.gp                       norms.svg and norms.png beside the script
#   gnuplot -d -e "format='pdf'" norms.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 6cc564f4f78319717dbb201e826c18611841571f9cbac43ebc0f7b3290ec452a

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
data = directory . "norms.csv"
target = exists("output") ? output : directory . "norms." . format
if (format eq "svg") {
  set terminal svg size 1400, 660.73 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 661 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 661 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 660.73 / 96.0 enhanced \
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

# The columns of norms.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; precision = 5; seed = 6; update = 7
log10_grad_before = 8; log10_grad_before_max = 9; log10_grad_after = 10; engaged = 11
zero = 12

set linetype 1 linecolor rgb '#000000' linewidth 1.4 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 1.6 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) pointtype 0 pointsize 1
set linetype 4 linecolor rgb '#666666' linewidth 2.2 dashtype solid pointtype 6 pointsize 1
set linetype 5 linecolor rgb '#D55E00' linewidth 1.6 dashtype solid pointtype 11 pointsize 1
set linetype 6 linecolor rgb '#D55E00' linewidth 2.2 dashtype solid pointtype 6 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gradients while learning temporal-order}' at screen 0.017, screen 0.951266 left font sized(1.3) textcolor rgb '#000000'
set label 'clip 1 + penalty – all 3 seeds solved (the clip sets the step size: 89 % of updates); clip 1 – 2 of 3 seeds vanished, 1 solved (the clip is a safety net: 12 % of updates); no clipping –' at screen 0.017, screen 0.9088887 left font sized(1) textcolor rgb '#222222'
set label '2 of 3 seeds vanished, 1 exploded' at screen 0.017, screen 0.872656 left font sized(1) textcolor rgb '#222222'
set label 'cell rnn · hidden size 50 · batch 20 · sequence length T = 50 · weights \~ N(0, 0.1²) · optimizer sgd · learning rate 0.01 · at most 60,000 updates · task temporal-order' at screen 0.017, screen 0.08475474 left font sized(0.86) textcolor rgb '#555555'
set label 'each point: mean of log10 over up to 400 updates · each panel has a y axis of its own · drawn: seed 1 of 3; the text above summarises all seeds · no clipping: vanished, ‖∂L/∂h‖ at T/5 is 10^{−6.4} of T''s' at screen 0.017, screen 0.05445492 left font sized(0.86) textcolor rgb '#555555'
set label 'clip 1: vanished, ‖∂L/∂h‖ at T/5 is 10^{−6.4} of T''s · clip 1 + penalty: solved after 5500 updates · T: the longest of 2 · run temporal-order (7e9d01409c96)' at screen 0.017, screen 0.0241551 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8491366; set bmargin at screen 0.7826041
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'before clipping (shaded: largest)', \
  keyentry with lines linetype 2 title 'after clipping (below: share)', \
  keyentry with lines linetype 3 title 'threshold', \
  keyentry with points linetype 4 pointsize 1.7 title 'a seed solves the task'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: no clipping: vanished
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.334
set bmargin at screen 0.3218424; set tmargin at screen 0.719038
set title 'no clipping: vanished' offset 0, lowered font sized(1)
set grid
set label 'update (thousands)' at screen 0.52125, screen 0.1396334 center
set xlabel '' font sized(1)
set xrange [0:61800]
set xtics ('' 0, '' 20000, '' 40000, '' 60000)
set ylabel 'norm of the whole gradient' font sized(1)
set yrange [-0.5618368:0.04201787]
set ytics ('0.3' -0.5228787, '0.4' -0.39794, '0.5' -0.30103, '0.6' -0.2218487, '0.7' -0.154902, '0.8' -0.09691001)
unset colorbox
unset key
plot data skip 1 index 0 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using update:log10_grad_before with lines linetype 1 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.334
set bmargin at screen 0.2031995; set tmargin at screen 0.2960504
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:61800]
set xtics ('0' 0, '20' 20000, '40' 40000, '60' 60000)
set ylabel 'clipped' font sized(1)
set yrange [0:1.08]
set ytics ('0' 0, '100 %%' 1)
unset colorbox
set label 'no clip' at graph 0.98, graph 0.7644965 right front font sized(0.85) textcolor rgb '#333333'
unset key
plot -1.08 notitle

# Panel 2: clip 1: vanished
unset label; unset object; unset arrow
set lmargin at screen 0.386; set rmargin at screen 0.6565
set bmargin at screen 0.3218424; set tmargin at screen 0.719038
set title 'clip 1: vanished' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:61800]
set xtics ('' 0, '' 20000, '' 40000, '' 60000)
set ylabel '' font sized(1)
set yrange [-0.5652374:0.1505886]
set ytics ('0.5' -0.30103, '1' 0)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'seed 1, drawn: clips 0 %' at graph 0.98, graph 0.9449472 right front font sized(0.85) textcolor rgb '#333333'
set label 'all 3 seeds: 12 % (median)' at graph 0.98, graph 0.8761313 right front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 1 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using update:log10_grad_before with lines linetype 1 notitle, \
  data skip 1 index 1 using update:log10_grad_after with lines linetype 2 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.386; set rmargin at screen 0.6565
set bmargin at screen 0.2031995; set tmargin at screen 0.2960504
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:61800]
set xtics ('0' 0, '20' 20000, '40' 40000, '60' 60000)
set ylabel '' font sized(1)
set yrange [0:1.08]
set ytics ('0' 0, '100 %%' 1)
unset colorbox
unset key
plot data skip 1 index 1 using update:engaged:zero with filledcurves linetype 5 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using update:engaged with lines linetype 5 notitle

# Panel 3: clip 1 + penalty: solved after 5500
unset label; unset object; unset arrow
set lmargin at screen 0.7085; set rmargin at screen 0.979
set bmargin at screen 0.3218424; set tmargin at screen 0.719038
set title 'clip 1 + penalty: solved after 5500' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:5665]
set xtics ('' 0, '' 2000, '' 4000)
set ylabel '' font sized(1)
set yrange [-0.2193476:2.229701]
set ytics ('1' 0, '2' 0.30103, '5' 0.69897, '10' 1, '20' 1.30103, '50' 1.69897)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'seed 1, drawn: clips 89 %' at graph 0.98, graph 0.9449472 right front font sized(0.85) textcolor rgb '#333333'
set label 'all 3 seeds: 89 % (median)' at graph 0.98, graph 0.8761313 right front font sized(0.85) textcolor rgb '#333333'
$guide3 << EOD
5500,-6.83665e-08
EOD
unset key
plot data skip 1 index 2 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using update:log10_grad_before with lines linetype 1 notitle, \
  data skip 1 index 2 using update:log10_grad_after with lines linetype 2 notitle, \
  $guide3 using 1:2 with points linetype 6 pointsize 1.7 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.7085; set rmargin at screen 0.979
set bmargin at screen 0.2031995; set tmargin at screen 0.2960504
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:5665]
set xtics ('0' 0, '2' 2000, '4' 4000)
set ylabel '' font sized(1)
set yrange [0:1.08]
set ytics ('0' 0, '100 %%' 1)
unset colorbox
unset key
plot data skip 1 index 2 using update:engaged:zero with filledcurves linetype 5 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using update:engaged with lines linetype 5 notitle

unset multiplot
unset output
