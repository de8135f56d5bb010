# How fast do gradients decay or grow, by spectral radius?
#
# Decay rate of ‖∂L/∂h_t‖ by layers. The last layer of each network: rnn vanishes at every L; lstm vanishes at
# every L; gru vanishes at every L
# mean and its 95 % confidence interval over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence
# length T = 100 · input scale 1 · initializer gaussian · loss final-dot · clip none · float32 · layers count
# from 0, which reads the inputs · below the last layer gradients also enter from above, at every step · LSTM
# forget bias 1 · task gaussian-noise · points offset for clarity · run depth (cb70cfb58da3)
# gradflow 0.1.0, run depth (cb70cfb58da3)
#
# The data are in rate.csv beside this script. To draw it again, from any directory:
#   gnuplot -d rate.gp                       rate.svg and rate.png beside the script
#   gnuplot -d -e "format='pdf'" rate.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 33d138ae1954061942c6ec0a697d27c5286b7f615fdb5fcf1d0a627ca131da60

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
data = directory . "rate.csv"
target = exists("output") ? output : directory . "rate." . format
if (format eq "svg") {
  set terminal svg size 1400, 570.78 enhanced font "DejaVu Sans,14" \
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
  set terminal pdfcairo size 1400 / 96.0, 570.78 / 96.0 enhanced \
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

# The columns of rate.csv.
cell = 1; forget_bias = 2; part = 3; layer = 4; direction = 5; layers = 6; decay_rate_mean = 7
ci95_low = 8; ci95_high = 9; trials_with_rate = 10; trials_without_rate = 11; claim = 12
mean_field_low = 13; mean_field_high = 14; lyapunov_rate_mean = 15; forget_path_rate_mean = 16
tied_mean_field = 17

set linetype 1 linecolor rgb '#313695' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#5BA3C6' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#F4A259' linewidth 2 dashtype (10,4,3,4) pointtype 5 pointsize 1
set linetype 4 linecolor rgb '#A50026' linewidth 2 dashtype (20,5) pointtype 9 pointsize 1
set linetype 5 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Decay rate of ‖∂L/∂h_t‖ by layers}' at screen 0.017, screen 0.943586 left font sized(1.3) textcolor rgb '#000000'
set label 'The last layer of each network: rnn vanishes at every L; lstm vanishes at every L; gru vanishes at every L' at screen 0.017, screen 0.8945303 left font sized(1) textcolor rgb '#222222'
set label 'mean and its 95 % confidence interval over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 100 · input scale 1 · initializer gaussian · loss final-dot · clip none · float32' at screen 0.017, screen 0.06303655 left font sized(0.86) textcolor rgb '#555555'
set label 'layers count from 0, which reads the inputs · below the last layer gradients also enter from above, at every step · LSTM forget bias 1 · task gaussian-noise · points offset for clarity · run depth (cb70cfb58da3)' at screen 0.017, screen 0.02796174 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8673044; set bmargin at screen 0.790287
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with linespoints linetype 1 pointsize 1 title 'layer 0', \
  keyentry with linespoints linetype 2 pointsize 1 title 'layer 1', \
  keyentry with linespoints linetype 3 pointsize 1 title 'layer 2', \
  keyentry with linespoints linetype 4 pointsize 1 title 'layer 3', \
  keyentry with lines linetype 5 title 'the last layer of each network'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.356
set bmargin at screen 0.2001472; set tmargin at screen 0.7167035
set title 'rnn' offset 0, lowered font sized(1)
set grid
set label 'recurrent layers L' at screen 0.52125, screen 0.1265636 center
set xlabel '' font sized(1)
set xrange [0.64:4.36]
set xtics ('1' 1, '2' 2, '4' 4)
set ylabel 'rate (decades per step, < 0: decay)' font sized(1)
set yrange [-0.2372233:0.009123972]
set ytics ('−0.2' -0.2, '−0.15' -0.15, '−0.1' -0.1, '−0.05' -0.05, '0' 0)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.93304,-0.2220535
1.97768,-0.1670822
4.06696,-0.1431019
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 0 using (column(layers) * 1 + -0.06696):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 every 1::0::2 using (column(layers) * 1 + -0.06696):decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 0 using (column(layers) * 1 + -0.06696):decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 1 using (column(layers) * 1 + -0.02232):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 every 1::0::1 using (column(layers) * 1 + -0.02232):decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 1 using (column(layers) * 1 + -0.02232):decay_rate_mean with points linetype 2 pointsize 1 notitle, \
  data skip 1 index 2 using (column(layers) * 1 + 0.02232):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 2 using (column(layers) * 1 + 0.02232):decay_rate_mean with points linetype 3 pointsize 1 notitle, \
  data skip 1 index 3 using (column(layers) * 1 + 0.06696):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 4 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 3 using (column(layers) * 1 + 0.06696):decay_rate_mean with points linetype 4 pointsize 1 notitle

# Panel 2: lstm
unset label; unset object; unset arrow
set lmargin at screen 0.375; set rmargin at screen 0.6675
set bmargin at screen 0.2001472; set tmargin at screen 0.7167035
set title 'lstm' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.64:4.36]
set xtics ('1' 1, '2' 2, '4' 4)
set ylabel '' font sized(1)
set yrange [-0.2372233:0.009123972]
set ytics ('' -0.2, '' -0.15, '' -0.1, '' -0.05, '' 0)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.93304,-0.08967028
1.97768,-0.03780835
4.06696,-0.03398151
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 4 using (column(layers) * 1 + -0.06696):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 4 every 1::0::2 using (column(layers) * 1 + -0.06696):decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 4 using (column(layers) * 1 + -0.06696):decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 5 using (column(layers) * 1 + -0.02232):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 5 every 1::0::1 using (column(layers) * 1 + -0.02232):decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 5 using (column(layers) * 1 + -0.02232):decay_rate_mean with points linetype 2 pointsize 1 notitle, \
  data skip 1 index 6 using (column(layers) * 1 + 0.02232):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 6 using (column(layers) * 1 + 0.02232):decay_rate_mean with points linetype 3 pointsize 1 notitle, \
  data skip 1 index 7 using (column(layers) * 1 + 0.06696):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 4 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 7 using (column(layers) * 1 + 0.06696):decay_rate_mean with points linetype 4 pointsize 1 notitle

# Panel 3: gru
unset label; unset object; unset arrow
set lmargin at screen 0.6865; set rmargin at screen 0.979
set bmargin at screen 0.2001472; set tmargin at screen 0.7167035
set title 'gru' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0.64:4.36]
set xtics ('1' 1, '2' 2, '4' 4)
set ylabel '' font sized(1)
set yrange [-0.2372233:0.009123972]
set ytics ('' -0.2, '' -0.15, '' -0.1, '' -0.05, '' 0)
unset colorbox
set arrow from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb '#222222' linewidth 1 dashtype solid
$guide0 << EOD
0.93304,-0.1848854
1.97768,-0.1511454
4.06696,-0.1398949
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 8 using (column(layers) * 1 + -0.06696):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 8 every 1::0::2 using (column(layers) * 1 + -0.06696):decay_rate_mean with lines linetype 1 notitle, \
  data skip 1 index 8 using (column(layers) * 1 + -0.06696):decay_rate_mean with points linetype 1 pointsize 1 notitle, \
  data skip 1 index 9 using (column(layers) * 1 + -0.02232):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 9 every 1::0::1 using (column(layers) * 1 + -0.02232):decay_rate_mean with lines linetype 2 notitle, \
  data skip 1 index 9 using (column(layers) * 1 + -0.02232):decay_rate_mean with points linetype 2 pointsize 1 notitle, \
  data skip 1 index 10 using (column(layers) * 1 + 0.02232):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 10 using (column(layers) * 1 + 0.02232):decay_rate_mean with points linetype 3 pointsize 1 notitle, \
  data skip 1 index 11 using (column(layers) * 1 + 0.06696):decay_rate_mean:ci95_low:ci95_high with yerrorbars linetype 4 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 11 using (column(layers) * 1 + 0.06696):decay_rate_mean with points linetype 4 pointsize 1 notitle

unset multiplot
unset output
