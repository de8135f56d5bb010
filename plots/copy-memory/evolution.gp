# How far back do gradients reach while a network learns?
#
# ‖∂L/∂h_t‖ during training: how far back gradients reach. Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first →
# last profile drawn: rnn – both seeds vanished (1.17 → 10⁻⁶); lstm – 1 of 2 seeds better than chance, 1
# vanished (1.09 → 1.28)
# Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms
# look flat and hide vanishing.
# hidden size 64 · batch 32 · sequence length T = 120 · input scale 1 · initializer gaussian · clip
# global-norm:1 · spectral radius 1 at the start · optimizer rmsprop:0.99 · learning rate 0.002 · LSTM forget
# bias 1 · readout starts at chance · at most 3000 updates · task copy-memory · norm over the batch · columns:
# update 1, then every 60 · lags evenly spaced · grey: exactly 0, or past the end · drawn: seed 0 of 2; the text
# above summarises all seeds · T: the longest of 2 · run copy-memory (884024d43100)
# gradflow 0.1.0, run copy-memory (884024d43100)
#
# The data are in evolution.csv beside this script. To draw it again, from any directory:
#   gnuplot -d evolution.gp                       evolution.svg and evolution.png beside the script
#   gnuplot -d -e "format='pdf'" evolution.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: c7f18834b3baf5dbca3d0aa4aebf4cef0923ff3b0b417c00a0c5ee8b08110c8f

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
  set terminal svg size 1400, 689.976 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 690 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 690 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 689.976 / 96.0 enhanced \
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
set label '{/:Bold ‖∂L/∂h_t‖ during training: how far back gradients reach}' at screen 0.017, screen 0.9533317 left font sized(1.3) textcolor rgb '#000000'
set label 'Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile drawn: rnn – both seeds vanished (1.17 → 10^{−6}); lstm – 1 of 2 seeds better than chance, 1 vanished (1.09 → 1.28)' at screen 0.017, screen 0.9127506 left font sized(1) textcolor rgb '#222222'
set label 'Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms look flat and hide vanishing.' at screen 0.017, screen 0.8780537 left font sized(1) textcolor rgb '#B34700'
set label 'hidden size 64 · batch 32 · sequence length T = 120 · input scale 1 · initializer gaussian · clip global-norm:1 · spectral radius 1 at the start · optimizer rmsprop:0.99 · learning rate 0.002 · LSTM forget bias 1' at screen 0.017, screen 0.08116224 left font sized(0.86) textcolor rgb '#555555'
set label 'readout starts at chance · at most 3000 updates · task copy-memory · norm over the batch · columns: update 1, then every 60 · lags evenly spaced · grey: exactly 0, or past the end' at screen 0.017, screen 0.05214674 left font sized(0.86) textcolor rgb '#555555'
set label 'drawn: seed 0 of 2; the text above summarises all seeds · T: the longest of 2 · run copy-memory (884024d43100)' at screen 0.017, screen 0.02313124 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8555312; set bmargin at screen 0.8433569
set key inside left top horizontal Left reverse samplen 3.5 maxcols 1 width -12
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn: vanished
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.46325
set bmargin at screen 0.1945865; set tmargin at screen 0.7946595
set title 'rnn: vanished' offset 0, lowered font sized(1)
unset grid
set label 'update' at screen 0.47275, screen 0.1337148 center
set xlabel '' font sized(1)
set xrange [-0.5:50.5]
set xtics ('1' 0, '1000' 16.66667, '2000' 33.33333, '3000' 50)
set ylabel 'lag T − t (steps)' font sized(1)
set yrange [-1.239583:120.2396]
set ytics ('0' 0, '50' 50, '100' 100)
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -9; greatest = -2.094531
set cbrange [least:greatest]
set cbtics ('≤ 10^{−9}' -9, '10^{−8}' -8, '10^{−6}' -6, '10^{−4}' -4)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? NaN : bounded(column(c))
ink(c) = shade(c) < least + 0.6 * (greatest - least) ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.1945865 size screen 0.016, screen 0.600073
set label '‖∂L/∂h_t‖' at screen 0.914, screen 0.8169791 left
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 0 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 2: lstm: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.48225; set rmargin at screen 0.893
set bmargin at screen 0.1945865; set tmargin at screen 0.7946595
set title 'lstm: better than chance' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:50.5]
set xtics ('1' 0, '1000' 16.66667, '2000' 33.33333, '3000' 50)
set ylabel '' font sized(1)
set yrange [-1.239583:120.2396]
set ytics ('' 0, '' 50, '' 100)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 1 using column:lag:(shade(log10_grad_h)) with image notitle

unset multiplot
unset output
