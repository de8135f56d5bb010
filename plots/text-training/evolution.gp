# How far back do gradients reach while a network learns?
#
# ‖∂L/∂h_t‖ during training: how far back gradients reach. Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first →
# last profile drawn: rnn, no clipping – both seeds exploded (10⁻⁹⁷ → 10⁻¹⁰⁸); lstm, no clipping – both seeds
# better than chance (10⁻⁴ → 10⁻¹); rnn, clip 0.5 – both seeds better than chance (10⁻⁵ → 10⁻¹); lstm, clip 0.5
# – both seeds better than chance (10⁻³ → 0.115)
# Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms
# look flat and hide vanishing.
# hidden size 64 · batch 16 · sequence length T = 50 · input scale 1 · initializer gaussian · float32 · spectral
# radius 1 at the start · optimizer sgd · learning rate 3 (first of 2) · truncation k1:k2 = 25:50 · LSTM forget
# bias 1 · at most 1000 updates · task text · norm over the batch · columns: update 1, then every 20 · lags
# evenly spaced · grey: exactly 0, or past the end, or before the first step of a short window · drawn: seed 0
# of 2; the text above summarises all seeds · run text-training (a81125c945b5)
# gradflow 0.1.0, run text-training (a81125c945b5)
#
# The data are in evolution.csv beside this script. To draw it again, from any directory:
#   gnuplot -d evolution.gp                       evolution.svg and evolution.png beside the script
#   gnuplot -d -e "format='pdf'" evolution.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 77934a065990f745ea9ff1b833b4174a9bac41ae01c041f8d39ec8e0a31c0ffa

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
  set terminal svg size 1400, 922.88 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 923 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 923 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 922.88 / 96.0 enhanced \
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
set label '{/:Bold ‖∂L/∂h_t‖ during training: how far back gradients reach}' at screen 0.017, screen 0.9651092 left font sized(1.3) textcolor rgb '#000000'
set label 'Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile drawn: rnn, no clipping – both seeds exploded (10^{−97} → 10^{−108}); lstm, no clipping – both seeds better than chance (10^{−4} →' at screen 0.017, screen 0.9347694 left font sized(1) textcolor rgb '#222222'
set label '10^{−1}); rnn, clip 0.5 – both seeds better than chance (10^{−5} → 10^{−1}); lstm, clip 0.5 – both seeds better than chance (10^{−3} → 0.115)' at screen 0.017, screen 0.9088289 left font sized(1) textcolor rgb '#222222'
set label 'Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms look flat and hide vanishing.' at screen 0.017, screen 0.8828883 left font sized(1) textcolor rgb '#B34700'
set label 'hidden size 64 · batch 16 · sequence length T = 50 · input scale 1 · initializer gaussian · float32 · spectral radius 1 at the start · optimizer sgd · learning rate 3 (first of 2) · truncation k1:k2 = 25:50' at screen 0.017, screen 0.06067961 left font sized(0.86) textcolor rgb '#555555'
set label 'LSTM forget bias 1 · at most 1000 updates · task text · norm over the batch · columns: update 1, then every 20 · lags evenly spaced · grey: exactly 0, or past the end, or before the first step of a short window' at screen 0.017, screen 0.03898665 left font sized(0.86) textcolor rgb '#555555'
set label 'drawn: seed 0 of 2; the text above summarises all seeds · run text-training (a81125c945b5)' at screen 0.017, screen 0.01729369 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8660498; set bmargin at screen 0.8569478
set key inside left top horizontal Left reverse samplen 3.5 maxcols 1 width -12
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn, no clipping: exploded, vanishing since
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.4605
set bmargin at screen 0.5065231; set tmargin at screen 0.82054
set title 'rnn, no clipping: exploded, vanishing since' offset 0, lowered font sized(1)
unset grid
set label 'update' at screen 0.47, screen 0.09996966 center
set label 'lag T − t (steps)' at screen 0.014, screen 0.4830097 center rotate by 90
set xlabel '' font sized(1)
set xrange [-0.5:49.5]
set xtics ('' 0, '' 24.5, '' 49)
set ylabel '' font sized(1)
set yrange [-1.020833:50.02083]
set ytics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40)
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -15; greatest = -0.7446465
set cbrange [least:greatest]
set cbtics ('≤ 10^{−15}' -15, '10^{−10}' -10, '10^{−5}' -5)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? NaN : bounded(column(c))
ink(c) = shade(c) < least + 0.6 * (greatest - least) ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.1454794 size screen 0.016, screen 0.6750607
set label '‖∂L/∂h_t‖' at screen 0.914, screen 0.8372269 left
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 0 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 2: lstm, no clipping: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.4795; set rmargin at screen 0.893
set bmargin at screen 0.5065231; set tmargin at screen 0.82054
set title 'lstm, no clipping: better than chance' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:49.5]
set xtics ('' 0, '' 24.5, '' 49)
set ylabel '' font sized(1)
set yrange [-1.020833:50.02083]
set ytics ('' 0, '' 10, '' 20, '' 30, '' 40)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 1 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 3: rnn, clip 0.5: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.4605
set bmargin at screen 0.1454794; set tmargin at screen 0.4594964
set title 'rnn, clip 0.5: better than chance' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:49.5]
set xtics ('1' 0, '500' 24.5, '1000' 49)
set ylabel '' font sized(1)
set yrange [-1.020833:50.02083]
set ytics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 2 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 4: lstm, clip 0.5: better than chance
unset label; unset object; unset arrow
set lmargin at screen 0.4795; set rmargin at screen 0.893
set bmargin at screen 0.1454794; set tmargin at screen 0.4594964
set title 'lstm, clip 0.5: better than chance' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:49.5]
set xtics ('1' 0, '500' 24.5, '1000' 49)
set ylabel '' font sized(1)
set yrange [-1.020833:50.02083]
set ytics ('' 0, '' 10, '' 20, '' 30, '' 40)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
unset key
plot data skip 1 index 3 using column:lag:(shade(log10_grad_h)) with image notitle

unset multiplot
unset output
