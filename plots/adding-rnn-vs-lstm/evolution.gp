# How far back do gradients reach while a network learns?
#
# ‖∂L/∂h_t‖ during training: how far back gradients reach. Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first →
# last profile drawn: lstm, no clipping – 2 of 3 seeds better than chance, 1 solved (0.229 → 0.13); lstm, clip 1
# – 2 of 3 seeds better than chance, 1 solved (0.229 → 0.182); rnn, no clipping – all 3 seeds vanished (10⁻²² →
# 10⁻¹⁹); rnn, clip 1 – all 3 seeds vanished (10⁻³³ → 10⁻³⁹)
# hidden size 64 · batch 32 · sequence length T = 100 · input scale 1 · initializer gaussian · float32 ·
# spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · LSTM forget bias 1 · readout
# starts at chance · at most 3000 updates · task adding · norm over the batch · columns: update 1, then every 60
# · lags evenly spaced · grey: exactly 0, or past the end · drawn: seed 0 of 3; the text above summarises all
# seeds · run adding-rnn-vs-lstm (fcbd1b759a82)
# gradflow 0.1.0, run adding-rnn-vs-lstm (fcbd1b759a82)
#
# The data are in evolution.csv beside this script. To draw it again, from any directory:
#   gnuplot -d evolution.gp                       evolution.svg and evolution.png beside the script
#   gnuplot -d -e "format='pdf'" evolution.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 8565a6c9c6040889e6c196f68cc0f01f01f61d9128064ae89e991caa79b7dad0

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
  set terminal svg size 1400, 898.94 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 899 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 899 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 898.94 / 96.0 enhanced \
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
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; seed = 5; lag = 6; column = 7
update = 8; log10_grad_h = 9

set linetype 1 linecolor rgb '#222222' linewidth 2 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold ‖∂L/∂h_t‖ during training: how far back gradients reach}' at screen 0.017, screen 0.96418 left font sized(1.3) textcolor rgb '#000000'
set label 'Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile drawn: lstm, no clipping – 2 of 3 seeds better than chance, 1 solved (0.229 → 0.13); lstm, clip 1 – 2 of 3 seeds better' at screen 0.017, screen 0.9330322 left font sized(1) textcolor rgb '#222222'
set label 'than chance, 1 solved (0.229 → 0.182); rnn, no clipping – all 3 seeds vanished (10^{−22} → 10^{−19}); rnn, clip 1 – all 3 seeds vanished (10^{−33} → 10^{−39})' at screen 0.017, screen 0.9064009 left font sized(1) textcolor rgb '#222222'
set label 'hidden size 64 · batch 32 · sequence length T = 100 · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · LSTM forget bias 1' at screen 0.017, screen 0.06229559 left font sized(0.86) textcolor rgb '#555555'
set label 'readout starts at chance · at most 3000 updates · task adding · norm over the batch · columns: update 1, then every 60 · lags evenly spaced · grey: exactly 0, or past the end' at screen 0.017, screen 0.04002492 left font sized(0.86) textcolor rgb '#555555'
set label 'drawn: seed 0 of 3; the text above summarises all seeds · run adding-rnn-vs-lstm (fcbd1b759a82)' at screen 0.017, screen 0.01775424 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8891138; set bmargin at screen 0.8797695
set key inside left top horizontal Left reverse samplen 3.5 maxcols 1 width -12
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn, no clipping: vanished
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.4605
set bmargin at screen 0.5200125; set tmargin at screen 0.8423922
set title 'rnn, no clipping: vanished' offset 0, lowered font sized(1)
unset grid
set label 'update' at screen 0.47, screen 0.102632 center
set label 'lag T − t (steps)' at screen 0.014, screen 0.4958729 center rotate by 90
set xlabel '' font sized(1)
set xrange [-0.5:49.5]
set xtics ('' 0, '' 16.66667, '' 32.33333, '' 49)
set ylabel '' font sized(1)
set yrange [-2.0625:101.0625]
set ytics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -15; greatest = -1.346716
set cbrange [least:greatest]
set cbtics ('≤ 10^{−15}' -15, '10^{−10}' -10, '10^{−5}' -5)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? NaN : bounded(column(c))
ink(c) = shade(c) < least + 0.6 * (greatest - least) ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.1493537 size screen 0.016, screen 0.6930385
set label '‖∂L/∂h_t‖' at screen 0.914, screen 0.8595234 left
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 0 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 2: lstm, no clipping: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.4795; set rmargin at screen 0.893
set bmargin at screen 0.5200125; set tmargin at screen 0.8423922
set title 'lstm, no clipping: better than chance' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:49.5]
set xtics ('' 0, '' 16.66667, '' 32.33333, '' 49)
set ylabel '' font sized(1)
set yrange [-2.0625:101.0625]
set ytics ('' 0, '' 20, '' 40, '' 60, '' 80)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 1 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 3: rnn, clip 1: vanished
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.4605
set bmargin at screen 0.1493537; set tmargin at screen 0.4717334
set title 'rnn, clip 1: vanished' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:49.5]
set xtics ('1' 0, '1000' 16.66667, '2000' 32.33333, '3000' 49)
set ylabel '' font sized(1)
set yrange [-2.0625:101.0625]
set ytics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 2 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 4: lstm, clip 1: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.4795; set rmargin at screen 0.893
set bmargin at screen 0.1493537; set tmargin at screen 0.4717334
set title 'lstm, clip 1: better than chance' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:49.5]
set xtics ('1' 0, '1000' 16.66667, '2000' 32.33333, '3000' 49)
set ylabel '' font sized(1)
set yrange [-2.0625:101.0625]
set ytics ('' 0, '' 20, '' 40, '' 60, '' 80)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 3 using column:lag:(shade(log10_grad_h)) with image notitle

unset multiplot
unset output
