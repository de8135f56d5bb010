# How far back do gradients reach while a network learns?
#
# ‖∂L/∂h_t‖ during training: how far back gradients reach. Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first →
# last profile drawn: lstm – solved (10⁻³ → 10¹); gru – solved (10⁻³ → 10³); rnn – better than chance (10⁻⁸ →
# 10⁻²)
# Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms
# look flat and hide vanishing.
# hidden size 128 · batch 32 · sequence length T = 40 · input scale 1 · initializer gaussian · clip
# global-norm:1 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule
# cosine · LSTM forget bias 1 · at most 5000 updates · task reversal of 2 symbols · norm over the batch ·
# columns: update 1, then every 100 · lags evenly spaced · lags below 40 are the decoder's, the others the
# encoder's · T: the longest of 3 · run reversal (953f89f9383f)
# gradflow 0.1.0, run reversal (953f89f9383f)
#
# The data are in evolution.csv beside this script. To draw it again, from any directory:
#   gnuplot -d evolution.gp                       evolution.svg and evolution.png beside the script
#   gnuplot -d -e "format='pdf'" evolution.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 1058c375fcf66e4dff754014583f1663dee1f2259cfb5ea41d01bf17d54c1a16

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
  set terminal svg size 1400, 525.252 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 525 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 525 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 525.252 / 96.0 enhanced \
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
set label '{/:Bold ‖∂L/∂h_t‖ during training: how far back gradients reach}' at screen 0.017, screen 0.9386961 left font sized(1.3) textcolor rgb '#000000'
set label 'Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile drawn: lstm – solved (10^{−3} → 10^{1}); gru – solved (10^{−3} → 10^{3}); rnn – better than chance (10^{−8} → 10^{−2})' at screen 0.017, screen 0.8853883 left font sized(1) textcolor rgb '#222222'
set label 'Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms look flat and hide vanishing.' at screen 0.017, screen 0.8398102 left font sized(1) textcolor rgb '#B34700'
set label 'hidden size 128 · batch 32 · sequence length T = 40 · input scale 1 · initializer gaussian · clip global-norm:1 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine' at screen 0.017, screen 0.1066155 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 5000 updates · task reversal of 2 symbols · norm over the batch · columns: update 1, then every 100 · lags evenly spaced · lags below 40 are the decoder''s, the others the encoder''s' at screen 0.017, screen 0.06850045 left font sized(0.86) textcolor rgb '#555555'
set label 'T: the longest of 3 · run reversal (953f89f9383f)' at screen 0.017, screen 0.03038542 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8102244; set bmargin at screen 0.7942321
set key inside left top horizontal Left reverse samplen 3.5 maxcols 1 width -12
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.2943333
set bmargin at screen 0.2556106; set tmargin at screen 0.7302628
set title 'rnn: better than chance' offset 0, lowered font sized(1)
unset grid
set label 'update' at screen 0.47, screen 0.175649 center
set xlabel '' font sized(1)
set xrange [-0.5:50.5]
set xtics ('1' 0, '2000' 20, '4000' 40)
set ylabel 'lag T − t (steps)' font sized(1)
set yrange [-1.274194:80.27419]
set ytics ('0' 0, '20' 20, '40' 40, '60' 60)
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -6; greatest = 0.263132
set cbrange [least:greatest]
set cbtics ('≤ 10^{−6}' -6, '10^{−4}' -4, '10^{−2}' -2, '10^{0}' 0)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? NaN : bounded(column(c))
ink(c) = shade(c) < least + 0.6 * (greatest - least) ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.2556106 size screen 0.016, screen 0.4746522
set label '‖∂L/∂h_t‖' at screen 0.914, screen 0.7595821 left
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
set arrow from graph 0, first 40 to graph 1, first 40 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' encoder above, decoder below ' at graph 0.02, first 40 left offset 0, 0.8 front boxed font sized(0.85) textcolor rgb '#D6006C'
unset key
plot data skip 1 index 0 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 2: gru: solved after 4600
unset label; unset object; unset arrow
set lmargin at screen 0.3463333; set rmargin at screen 0.5936667
set bmargin at screen 0.2556106; set tmargin at screen 0.7302628
set title 'gru: solved after 4600' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:46.705]
set xtics ('1' 0, '2000' 20, '4000' 40)
set ylabel '' font sized(1)
set yrange [-1.161765:80.16176]
set ytics ('0' 0, '20' 20, '40' 40, '60' 60)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
set arrow from first 46, graph 0 to first 46, graph 1 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' solved ' at first 46, graph 0.96 right front boxed font sized(0.85) textcolor rgb '#D6006C'
set arrow from graph 0, first 40 to graph 1, first 40 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' encoder above, decoder below ' at graph 0.02, first 40 left offset 0, 0.8 front boxed font sized(0.85) textcolor rgb '#D6006C'
unset key
plot data skip 1 index 1 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 3: lstm: solved after 3800
unset label; unset object; unset arrow
set lmargin at screen 0.6456667; set rmargin at screen 0.893
set bmargin at screen 0.2556106; set tmargin at screen 0.7302628
set title 'lstm: solved after 3800' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:38.585]
set xtics ('1' 0, '1000' 10, '2000' 20, '3000' 30)
set ylabel '' font sized(1)
set yrange [-0.9634146:79.96341]
set ytics ('0' 0, '20' 20, '40' 40, '60' 60)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
set arrow from first 38, graph 0 to first 38, graph 1 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' solved ' at first 38, graph 0.96 right front boxed font sized(0.85) textcolor rgb '#D6006C'
set arrow from graph 0, first 40 to graph 1, first 40 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' encoder above, decoder below ' at graph 0.02, first 40 left offset 0, 0.8 front boxed font sized(0.85) textcolor rgb '#D6006C'
unset key
plot data skip 1 index 2 using column:lag:(shade(log10_grad_h)) with image notitle

unset multiplot
unset output
