# How does clipping change gradients during training, and why does a run fail?
#
# Gradients while learning reversal of 2 symbols. lstm – solved (the clip is a safety net: 19 % of updates); gru
# – solved (the clip is a safety net: 29 % of updates); rnn – better than chance (the clip is a safety net: 3 %
# of updates)
# hidden size 128 · batch 32 · sequence length T = 40 · input scale 1 · initializer gaussian · clip
# global-norm:1 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule
# cosine · LSTM forget bias 1 · at most 5000 updates · task reversal of 2 symbols · each point: mean of log10
# over up to 40 updates · rnn: better than chance: loss 0.387, chance 0.693 · gru: solved after 4600 updates ·
# lstm: solved after 3800 updates · T: the longest of 3 · run reversal (953f89f9383f)
# gradflow 0.1.0, run reversal (953f89f9383f)
#
# The data are in norms.csv beside this script. To draw it again, from any directory:
#   gnuplot -d norms.gp                       norms.svg and norms.png beside the script
#   gnuplot -d -e "format='pdf'" norms.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 12114341ad4d35d249e2ad2e8c19186b2c5ab1937fb87249be6164ca49d3723c

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
  set terminal svg size 1400, 664.51 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 665 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 665 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 664.51 / 96.0 enhanced \
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
set label '{/:Bold Gradients while learning reversal of 2 symbols}' at screen 0.017, screen 0.9515432 left font sized(1.3) textcolor rgb '#000000'
set label 'lstm – solved (the clip is a safety net: 19 % of updates); gru – solved (the clip is a safety net: 29 % of updates); rnn – better than chance (the clip is a safety net: 3 % of updates)' at screen 0.017, screen 0.9094069 left font sized(1) textcolor rgb '#222222'
set label 'hidden size 128 · batch 32 · sequence length T = 40 · input scale 1 · initializer gaussian · clip global-norm:1 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine' at screen 0.017, screen 0.08427262 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 5000 updates · task reversal of 2 symbols · each point: mean of log10 over up to 40 updates · rnn: better than chance: loss 0.387, chance 0.693 · gru: solved after 4600 updates' at screen 0.017, screen 0.05414516 left font sized(0.86) textcolor rgb '#555555'
set label 'lstm: solved after 3800 updates · T: the longest of 3 · run reversal (953f89f9383f)' at screen 0.017, screen 0.0240177 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8860213; set bmargin at screen 0.8198673
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

# Panel 1: rnn: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.356
set bmargin at screen 0.329606; set tmargin at screen 0.7566628
set title 'rnn: better than chance' offset 0, lowered font sized(1)
set grid
set label 'update' at screen 0.52125, screen 0.1388391 center
set xlabel '' font sized(1)
set xrange [0:5150]
set xtics ('' 0, '' 2000, '' 4000)
set ylabel 'norm of the whole gradient' font sized(1)
set yrange [-1.408902:3.117843]
set ytics ('10^{−1}' -1, '10^{0}' 0, '10^{1}' 1, '10^{2}' 2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'clips 3 %' at graph 0.98, graph 0.9490879 right front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 0 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using update:log10_grad_before with lines linetype 1 notitle, \
  data skip 1 index 0 using update:log10_grad_after with lines linetype 2 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.356
set bmargin at screen 0.2020436; set tmargin at screen 0.3018751
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:5150]
set xtics ('0' 0, '2000' 2000, '4000' 4000)
set ylabel 'clipped' font sized(1)
set yrange [0:1.08]
set ytics ('0' 0, '100 %%' 1)
unset colorbox
unset key
plot data skip 1 index 0 using update:engaged:zero with filledcurves linetype 5 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using update:engaged with lines linetype 5 notitle

# Panel 2: gru: solved after 4600
unset label; unset object; unset arrow
set lmargin at screen 0.375; set rmargin at screen 0.6675
set bmargin at screen 0.329606; set tmargin at screen 0.7566628
set title 'gru: solved after 4600' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:4738]
set xtics ('' 0, '' 2000, '' 4000)
set ylabel '' font sized(1)
set yrange [-1.408902:3.117843]
set ytics ('' -1, '' 0, '' 1, '' 2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'clips 29 %' at graph 0.98, graph 0.9490879 right front font sized(0.85) textcolor rgb '#333333'
$guide3 << EOD
4600,-1.013704
EOD
unset key
plot data skip 1 index 1 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using update:log10_grad_before with lines linetype 1 notitle, \
  data skip 1 index 1 using update:log10_grad_after with lines linetype 2 notitle, \
  $guide3 using 1:2 with points linetype 6 pointsize 1.7 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.375; set rmargin at screen 0.6675
set bmargin at screen 0.2020436; set tmargin at screen 0.3018751
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:4738]
set xtics ('0' 0, '2000' 2000, '4000' 4000)
set ylabel '' font sized(1)
set yrange [0:1.08]
set ytics ('' 0, '' 1)
unset colorbox
unset key
plot data skip 1 index 1 using update:engaged:zero with filledcurves linetype 5 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using update:engaged with lines linetype 5 notitle

# Panel 3: lstm: solved after 3800
unset label; unset object; unset arrow
set lmargin at screen 0.6865; set rmargin at screen 0.979
set bmargin at screen 0.329606; set tmargin at screen 0.7566628
set title 'lstm: solved after 3800' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:3914]
set xtics ('' 0, '' 1000, '' 2000, '' 3000)
set ylabel '' font sized(1)
set yrange [-1.408902:3.117843]
set ytics ('' -1, '' 0, '' 1, '' 2)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'clips 19 %' at graph 0.98, graph 0.9490879 right front font sized(0.85) textcolor rgb '#333333'
$guide3 << EOD
3800,-1.231118
EOD
unset key
plot data skip 1 index 2 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using update:log10_grad_before with lines linetype 1 notitle, \
  data skip 1 index 2 using update:log10_grad_after with lines linetype 2 notitle, \
  $guide3 using 1:2 with points linetype 6 pointsize 1.7 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.6865; set rmargin at screen 0.979
set bmargin at screen 0.2020436; set tmargin at screen 0.3018751
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:3914]
set xtics ('0' 0, '1000' 1000, '2000' 2000, '3000' 3000)
set ylabel '' font sized(1)
set yrange [0:1.08]
set ytics ('' 0, '' 1)
unset colorbox
unset key
plot data skip 1 index 2 using update:engaged:zero with filledcurves linetype 5 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using update:engaged with lines linetype 5 notitle

unset multiplot
unset output
