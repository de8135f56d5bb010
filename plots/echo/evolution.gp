# How far back do gradients reach while a network learns?
#
# ‖∂L/∂h_t‖ during training: how far back gradients reach. Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ of each batch's
# longest sequences at the first → last profile drawn: rnn – both seeds solved (10⁻¹ → 2.85); lstm – both seeds
# solved (10⁻¹ → 6.9); gru – both seeds solved (0.105 → 1.52)
# Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms
# look flat and hide vanishing.
# hidden size 64 · batch 32 · sequence length T = 40 · input scale 1 · initializer gaussian · clip global-norm:1
# · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine · lengths
# 20 to 40 · LSTM forget bias 1 · at most 2000 updates · task echo after 6 steps · root mean square over the
# sequences that have a lag from their own end, times √B · columns: update 1, then every 50 · grey: no sequence
# of the batch is so long · drawn: seed 0 of 2; the text above summarises all seeds · run echo (64cf83838dc3)
# gradflow 0.1.0, run echo (64cf83838dc3)
#
# The data are in evolution.csv beside this script. To draw it again, from any directory:
#   gnuplot -d evolution.gp                       evolution.svg and evolution.png beside the script
#   gnuplot -d -e "format='pdf'" evolution.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 631ebb45eea611a22940ab43ef84ff7312047173b006065bb3f8b7b3c6850621

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
  set terminal svg size 1400, 571.368 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 571 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 571 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 571.368 / 96.0 enhanced \
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
set label '{/:Bold ‖∂L/∂h_t‖ during training: how far back gradients reach}' at screen 0.017, screen 0.943644 left font sized(1.3) textcolor rgb '#000000'
set label 'Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ of each batch''s longest sequences at the first → last profile drawn: rnn – both seeds solved (10^{−1} → 2.85); lstm – both seeds solved (10^{−1} → 6.9); gru' at screen 0.017, screen 0.8946388 left font sized(1) textcolor rgb '#222222'
set label '– both seeds solved (0.105 → 1.52)' at screen 0.017, screen 0.8527394 left font sized(1) textcolor rgb '#222222'
set label 'Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms look flat and hide vanishing.' at screen 0.017, screen 0.8108399 left font sized(1) textcolor rgb '#B34700'
set label 'hidden size 64 · batch 32 · sequence length T = 40 · input scale 1 · initializer gaussian · clip global-norm:1 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 · schedule cosine' at screen 0.017, screen 0.09801039 left font sized(0.86) textcolor rgb '#555555'
set label 'lengths 20 to 40 · LSTM forget bias 1 · at most 2000 updates · task echo after 6 steps · root mean square over the sequences that have a lag from their own end, times √B · columns: update 1, then every 50' at screen 0.017, screen 0.06297167 left font sized(0.86) textcolor rgb '#555555'
set label 'grey: no sequence of the batch is so long · drawn: seed 0 of 2; the text above summarises all seeds · run echo (64cf83838dc3)' at screen 0.017, screen 0.02793296 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.7836421; set bmargin at screen 0.7689405
set key inside left top horizontal Left reverse samplen 3.5 maxcols 1 width -12
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn: solved after 400
unset label; unset object; unset arrow
set lmargin at screen 0.047; set rmargin at screen 0.3163333
set bmargin at screen 0.2349799; set tmargin at screen 0.7101343
set title 'rnn: solved after 400' offset 0, lowered font sized(1)
unset grid
set label 'update' at screen 0.47, screen 0.1614721 center
set xlabel '' font sized(1)
set xrange [-0.5:8.5]
set xtics ('1' 0, '100' 2, '200' 4, '300' 6, '400' 8)
set ylabel 'lag T − t (steps)' font sized(1)
set yrange [-0.5:39.5]
set ytics ('0' 0, '10' 10, '20' 20, '30' 30)
set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', 0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')
least = -3.69991; greatest = -1.414816
set cbrange [least:greatest]
set cbtics ('≤ 10^{−3.7}' -3.69991, '10^{−3.5}' -3.5, '10^{−3}' -3, '10^{−2.5}' -2.5, '10^{−2}' -2, '10^{−1.5}' -1.5)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? NaN : bounded(column(c))
ink(c) = shade(c) < least + 0.6 * (greatest - least) ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.2349799 size screen 0.016, screen 0.4751544
set label '‖∂L/∂h_t‖' at screen 0.914, screen 0.7370871 left
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
set arrow from first 8, graph 0 to first 8, graph 1 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' solved ' at first 8, graph 0.96 right front boxed font sized(0.85) textcolor rgb '#D6006C'
unset key
plot data skip 1 index 0 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 2: gru: solved after 700
unset label; unset object; unset arrow
set lmargin at screen 0.3353333; set rmargin at screen 0.6046667
set bmargin at screen 0.2349799; set tmargin at screen 0.7101343
set title 'gru: solved after 700' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:14.5]
set xtics ('1' 0, '200' 4, '400' 8, '600' 12)
set ylabel '' font sized(1)
set yrange [-0.5:39.5]
set ytics ('' 0, '' 10, '' 20, '' 30)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
set arrow from first 14, graph 0 to first 14, graph 1 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' solved ' at first 14, graph 0.96 right front boxed font sized(0.85) textcolor rgb '#D6006C'
unset key
plot data skip 1 index 1 using column:lag:(shade(log10_grad_h)) with image notitle

# Panel 3: lstm: solved after 600
unset label; unset object; unset arrow
set lmargin at screen 0.6236667; set rmargin at screen 0.893
set bmargin at screen 0.2349799; set tmargin at screen 0.7101343
set title 'lstm: solved after 600' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:12.5]
set xtics ('1' 0, '200' 4, '400' 8, '600' 12)
set ylabel '' font sized(1)
set yrange [-0.5:39.5]
set ytics ('' 0, '' 10, '' 20, '' 30)
unset colorbox
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb '#dddddd' fillstyle solid 1 noborder
set arrow from first 12, graph 0 to first 12, graph 1 nohead front linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4)
set label ' solved ' at first 12, graph 0.96 right front boxed font sized(0.85) textcolor rgb '#D6006C'
unset key
plot data skip 1 index 2 using column:lag:(shade(log10_grad_h)) with image notitle

unset multiplot
unset output
