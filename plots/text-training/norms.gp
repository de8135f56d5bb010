# How does clipping change gradients during training, and why does a run fail?
#
# Gradients while learning text. rnn, no clipping – both seeds exploded; lstm, no clipping – both seeds better
# than chance; rnn, clip 0.5 – both seeds better than chance (the clip sets the step size: 100 % of updates);
# lstm, clip 0.5 – both seeds better than chance (the clip is a safety net: 19 % of updates)
# hidden size 64 · batch 16 · sequence length T = 50 · input scale 1 · initializer gaussian · float32 · spectral
# radius 1 at the start · optimizer sgd · learning rate 3 (first of 2) · truncation k1:k2 = 25:50 · LSTM forget
# bias 1 · at most 1000 updates · task text · each point: mean of log10 over up to 8 updates · drawn: seed 0 of
# 2; the text above summarises all seeds · rnn, no clipping: exploded: the loss jumped to 60.3, chance is 3.07 ·
# lstm, no clipping: better than chance: loss 2.4, chance 3.07 · rnn, clip 0.5: better than chance: loss 2.36,
# chance 3.07 · lstm, clip 0.5: better than chance: loss 2.44, chance 3.07 · run text-training (a81125c945b5)
# gradflow 0.1.0, run text-training (a81125c945b5)
#
# The data are in norms.csv beside this script. To draw it again, from any directory:
#   gnuplot -d norms.gp                       norms.svg and norms.png beside the script
#   gnuplot -d -e "format='pdf'" norms.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 0f55b538c5d3509079037892f3cc0ea653b72e15c211ae994e02eeb96ca7600d

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
  set terminal svg size 1400, 1085.84 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1086 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 1086 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1085.84 / 96.0 enhanced \
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
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; seed = 5; update = 6
log10_grad_before = 7; log10_grad_before_max = 8; log10_grad_after = 9; engaged = 10; zero = 11

set linetype 1 linecolor rgb '#000000' linewidth 1.4 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 1.6 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#666666' linewidth 1.5 dashtype (2,3) pointtype 0 pointsize 1
set linetype 4 linecolor rgb '#D55E00' linewidth 1.6 dashtype solid pointtype 11 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gradients while learning text}' at screen 0.017, screen 0.9703455 left font sized(1.3) textcolor rgb '#000000'
set label 'rnn, no clipping – both seeds exploded; lstm, no clipping – both seeds better than chance; rnn, clip 0.5 – both seeds better than chance (the clip sets the step size: 100 % of updates);' at screen 0.017, screen 0.9445591 left font sized(1) textcolor rgb '#222222'
set label 'lstm, clip 0.5 – both seeds better than chance (the clip is a safety net: 19 % of updates)' at screen 0.017, screen 0.9225116 left font sized(1) textcolor rgb '#222222'
set label 'hidden size 64 · batch 16 · sequence length T = 50 · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer sgd · learning rate 3 (first of 2) · truncation k1:k2 = 25:50' at screen 0.017, screen 0.07001031 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 1000 updates · task text · each point: mean of log10 over up to 8 updates · drawn: seed 0 of 2; the text above summarises all seeds' at screen 0.017, screen 0.05157298 left font sized(0.86) textcolor rgb '#555555'
set label 'rnn, no clipping: exploded: the loss jumped to 60.3, chance is 3.07 · lstm, no clipping: better than chance: loss 2.4, chance 3.07 · rnn, clip 0.5: better than chance: loss 2.36, chance 3.07' at screen 0.017, screen 0.03313564 left font sized(0.86) textcolor rgb '#555555'
set label 'lstm, clip 0.5: better than chance: loss 2.44, chance 3.07 · run text-training (a81125c945b5)' at screen 0.017, screen 0.0146983 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9082001; set bmargin at screen 0.8879577
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'before clipping (shaded: largest)', \
  keyentry with lines linetype 2 title 'after clipping (below: share)', \
  keyentry with lines linetype 3 title 'threshold'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn, no clipping: exploded, vanishing since
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.51175
set bmargin at screen 0.5923962; set tmargin at screen 0.849278
set title 'rnn, no clipping: exploded, vanishing since' offset 0, lowered font sized(1)
set grid
set label 'update' at screen 0.52125, screen 0.1034038 center
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('' 0, '' 500, '' 1000)
set ylabel 'norm of the whole gradient' font sized(1)
set yrange [-0.7173437:1.615208]
set ytics ('0.2' -0.69897, '0.5' -0.30103, '1' 0, '2' 0.30103, '5' 0.69897, '10' 1)
unset colorbox
unset key
plot data skip 1 index 0 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using update:log10_grad_before with lines linetype 1 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.51175
set bmargin at screen 0.5156653; set tmargin at screen 0.5757156
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('' 0, '' 500, '' 1000)
set ylabel 'clipped' font sized(1)
set yrange [0:1.08]
set ytics ('0' 0, '100 %%' 1)
unset colorbox
set label 'no clip' at graph 0.98, graph 0.7784219 right front font sized(0.85) textcolor rgb '#333333'
unset key
plot -1.08 notitle

# Panel 2: lstm, no clipping: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.53075; set rmargin at screen 0.979
set bmargin at screen 0.5923962; set tmargin at screen 0.849278
set title 'lstm, no clipping: better than chance' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('' 0, '' 500, '' 1000)
set ylabel '' font sized(1)
set yrange [-0.7173437:1.615208]
set ytics ('' -0.69897, '' -0.30103, '' 0, '' 0.30103, '' 0.69897, '' 1)
unset colorbox
unset key
plot data skip 1 index 1 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using update:log10_grad_before with lines linetype 1 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.53075; set rmargin at screen 0.979
set bmargin at screen 0.5156653; set tmargin at screen 0.5757156
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('' 0, '' 500, '' 1000)
set ylabel '' font sized(1)
set yrange [0:1.08]
set ytics ('' 0, '' 1)
unset colorbox
set label 'no clip' at graph 0.98, graph 0.7784219 right front font sized(0.85) textcolor rgb '#333333'
unset key
plot -1.08 notitle

# Panel 3: rnn, clip 0.5: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.51175
set bmargin at screen 0.2188145; set tmargin at screen 0.4756962
set title 'rnn, clip 0.5: better than chance' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('' 0, '' 500, '' 1000)
set ylabel 'norm of the whole gradient' font sized(1)
set yrange [-0.7173437:1.615208]
set ytics ('0.2' -0.69897, '0.5' -0.30103, '1' 0, '2' 0.30103, '5' 0.69897, '10' 1)
unset colorbox
set arrow from graph 0, first -0.30103 to graph 1, first -0.30103 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'seed 0, drawn: clips 100 %' at graph 0.98, graph 0.9482025 right front font sized(0.85) textcolor rgb '#333333'
set label 'both seeds: 100 % (median)' at graph 0.98, graph 0.8834557 right front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 2 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using update:log10_grad_before with lines linetype 1 notitle, \
  data skip 1 index 2 using update:log10_grad_after with lines linetype 2 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.51175
set bmargin at screen 0.1420835; set tmargin at screen 0.2021338
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('0' 0, '500' 500, '1000' 1000)
set ylabel 'clipped' font sized(1)
set yrange [0:1.08]
set ytics ('0' 0, '100 %%' 1)
unset colorbox
unset key
plot data skip 1 index 2 using update:engaged:zero with filledcurves linetype 4 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using update:engaged with lines linetype 4 notitle

# Panel 4: lstm, clip 0.5: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.53075; set rmargin at screen 0.979
set bmargin at screen 0.2188145; set tmargin at screen 0.4756962
set title 'lstm, clip 0.5: better than chance' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('' 0, '' 500, '' 1000)
set ylabel '' font sized(1)
set yrange [-0.7173437:1.615208]
set ytics ('' -0.69897, '' -0.30103, '' 0, '' 0.30103, '' 0.69897, '' 1)
unset colorbox
set arrow from graph 0, first -0.30103 to graph 1, first -0.30103 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'seed 0, drawn: clips 17 %' at graph 0.98, graph 0.9482025 right front font sized(0.85) textcolor rgb '#333333'
set label 'both seeds: 19 % (median)' at graph 0.98, graph 0.8834557 right front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 3 using update:log10_grad_before:log10_grad_before_max with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using update:log10_grad_before with lines linetype 1 notitle, \
  data skip 1 index 3 using update:log10_grad_after with lines linetype 2 notitle
unset label; unset object; unset arrow
set lmargin at screen 0.53075; set rmargin at screen 0.979
set bmargin at screen 0.1420835; set tmargin at screen 0.2021338
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:1030]
set xtics ('0' 0, '500' 500, '1000' 1000)
set ylabel '' font sized(1)
set yrange [0:1.08]
set ytics ('' 0, '' 1)
unset colorbox
unset key
plot data skip 1 index 3 using update:engaged:zero with filledcurves linetype 4 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using update:engaged with lines linetype 4 notitle

unset multiplot
unset output
