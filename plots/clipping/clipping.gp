# What does clipping do to exploding gradients?
#
# Gradient norms before and after clipping: rnn, ρ = 6. Without clipping norms go from 31.1 to 10²⁵ over 99
# steps back: the largest mean decay rate of the 4 clipped settings.
# median and quartiles over 10 seeds · cell rnn · hidden size 64 · input size 16 · batch 16 · sequence length
# T = 100 · input scale 0.5 · initializer gaussian · loss final-dot · float32 · task gaussian-noise · global
# clip: one factor for all steps · value clip: entries of the gradient summed over steps are cut, norms of steps
# stay · step clip: steps above the threshold are cut to it, the others lie below it · step clip of each
# example: steps of all examples count, the line is where all are at the threshold · cosine of the gradients of
# all parameters with and without clipping · run clipping (22b86bc1d539)
# gradflow 0.1.0, run clipping (22b86bc1d539)
#
# The data are in clipping.csv beside this script. To draw it again, from any directory:
#   gnuplot -d clipping.gp                       clipping.svg and clipping.png beside the script
#   gnuplot -d -e "format='pdf'" clipping.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 184a3b2e73f8ec525f99d414577a211b49feae0b8ff0f10fca924c5b65cc078f

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
  set terminal svg size 1400, 896.98 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 897 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 897 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 896.98 / 96.0 enhanced \
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
set label '{/:Bold Gradient norms before and after clipping: rnn, ρ = 6}' at screen 0.017, screen 0.9641018 left font sized(1.3) textcolor rgb '#000000'
set label 'Without clipping norms go from 31.1 to 10^{25} over 99 steps back: the largest mean decay rate of the 4 clipped settings.' at screen 0.017, screen 0.9328859 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 10 seeds · cell rnn · hidden size 64 · input size 16 · batch 16 · sequence length T = 100 · input scale 0.5 · initializer gaussian · loss final-dot · float32 · task gaussian-noise' at screen 0.017, screen 0.06243172 left font sized(0.86) textcolor rgb '#555555'
set label 'global clip: one factor for all steps · value clip: entries of the gradient summed over steps are cut, norms of steps stay · step clip: steps above the threshold are cut to it, the others lie below it' at screen 0.017, screen 0.04011238 left font sized(0.86) textcolor rgb '#555555'
set label 'step clip of each example: steps of all examples count, the line is where all are at the threshold · cosine of the gradients of all parameters with and without clipping · run clipping (22b86bc1d539)' at screen 0.017, screen 0.01779304 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9155611; set bmargin at screen 0.8910567
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

# Panel 1: global clip 1
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.51175
set bmargin at screen 0.5211487; set tmargin at screen 0.8442329
set title 'global clip 1' offset 0, lowered font sized(1)
set grid
set label 'lag T − t (steps)' at screen 0.52125, screen 0.1028563 center
set label '‖∂L/∂h_t‖ (whole batch)' at screen 0.014, screen 0.4969565 center rotate by 90
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-26.55307:27.42548]
set ytics ('10^{−20}' -20, '10^{−10}' -10, '10^{0}' 0, '10^{10}' 10, '10^{20}' 20)
unset colorbox
set label 'cuts 100 % of gradients' at graph 0.02, graph 0.9501449 left front font sized(0.85) textcolor rgb '#333333'
set label 'cosine 1' at graph 0.02, graph 0.8878261 left front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 0 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:log10_median with lines linetype 2 notitle

# Panel 2: value clip 0.01
unset label; unset object; unset arrow
set lmargin at screen 0.53075; set rmargin at screen 0.979
set bmargin at screen 0.5211487; set tmargin at screen 0.8442329
set title 'value clip 0.01' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-26.55307:27.42548]
set ytics ('' -20, '' -10, '' 0, '' 10, '' 20)
unset colorbox
set label 'cuts 100 % of entries' at graph 0.02, graph 0.9501449 left front font sized(0.85) textcolor rgb '#333333'
set label 'cosine 0.461' at graph 0.02, graph 0.8878261 left front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 2 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 3 using lag:log10_median with lines linetype 2 notitle

# Panel 3: step clip 1
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.51175
set bmargin at screen 0.14968; set tmargin at screen 0.4727642
set title 'step clip 1' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set ylabel '' font sized(1)
set yrange [-26.55307:27.42548]
set ytics ('10^{−20}' -20, '10^{−10}' -10, '10^{0}' 0, '10^{10}' 10, '10^{20}' 20)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'cuts 99 % of steps' at graph 0.02, graph 0.9501449 left front font sized(0.85) textcolor rgb '#333333'
set label 'cosine 0.204' at graph 0.02, graph 0.8878261 left front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 4 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 5 using lag:log10_median with lines linetype 2 notitle

# Panel 4: step clip of each example 1
unset label; unset object; unset arrow
set lmargin at screen 0.53075; set rmargin at screen 0.979
set bmargin at screen 0.14968; set tmargin at screen 0.4727642
set title 'step clip of each example 1' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set ylabel '' font sized(1)
set yrange [-26.55307:27.42548]
set ytics ('' -20, '' -10, '' 0, '' 10, '' 20)
unset colorbox
set arrow from graph 0, first 0.60206 to graph 1, first 0.60206 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)
set label 'cuts 93.1 % of steps' at graph 0.02, graph 0.9501449 left front font sized(0.85) textcolor rgb '#333333'
set label 'cosine 0.0775' at graph 0.02, graph 0.8878261 left front font sized(0.85) textcolor rgb '#333333'
unset key
plot data skip 1 index 6 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 7 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 6 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 7 using lag:log10_median with lines linetype 2 notitle

unset multiplot
unset output
