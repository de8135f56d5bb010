# Does what was learned at one length hold at others?
#
# What was learned of echo after 6 steps, at other lengths. Wrong sequences: rnn – 0.2 % at T = 40, 0.4 % at
# 100; gru – 0.2 % at T = 40, 0.9 % at 100; lstm – 0.6 % at T = 40, 1 % at 100
# median and quartiles over 2 seeds · hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip
# global-norm:1 · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005 ·
# schedule cosine · lengths 20 to 40 · LSTM forget bias 1 · at most 2000 updates · task echo after 6 steps · of
# the networks at the end of their training · trained at T = 20 to 40 · points offset for clarity · run echo
# (64cf83838dc3)
# gradflow 0.1.0, run echo (64cf83838dc3)
#
# The data are in lengths.csv beside this script. To draw it again, from any directory:
#   gnuplot -d lengths.gp                       lengths.svg and lengths.png beside the script
#   gnuplot -d -e "format='pdf'" lengths.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 1e528e324652a7e1db29474d2fe16a53afe22d5248f30fece69840f4e5c24a40

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
data = directory . "lengths.csv"
target = exists("output") ? output : directory . "lengths." . format
if (format eq "svg") {
  set terminal svg size 1400, 698.656 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 699 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 699 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 698.656 / 96.0 enhanced \
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

# The columns of lengths.csv.
cell = 1; forget_bias = 2; sequence_length = 3; clip = 4; quantity = 5; length = 6; median = 7
q25 = 8; q75 = 9; seeds = 10

set linetype 1 linecolor rgb '#0072B2' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#009E73' linewidth 2 dashtype solid pointtype 5 pointsize 1
set linetype 3 linecolor rgb '#D55E00' linewidth 2 dashtype solid pointtype 11 pointsize 1
set linetype 4 linecolor rgb '#666666' linewidth 1.5 dashtype (3,6) pointtype 0 pointsize 1
set linetype 5 linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4) pointtype 0 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold What was learned of echo after 6 steps, at other lengths}' at screen 0.017, screen 0.9539115 left font sized(1.3) textcolor rgb '#000000'
set label 'Wrong sequences: rnn – 0.2 % at T = 40, 0.4 % at 100; gru – 0.2 % at T = 40, 0.9 % at 100; lstm – 0.6 % at T = 40, 1 % at 100' at screen 0.017, screen 0.9138346 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 2 seeds · hidden size 64 · batch 32 · input scale 1 · initializer gaussian · clip global-norm:1 · float32 · spectral radius 1 at the start · optimizer adam:0.9:0.999 · learning rate 0.005' at screen 0.017, screen 0.0801539 left font sized(0.86) textcolor rgb '#555555'
set label 'schedule cosine · lengths 20 to 40 · LSTM forget bias 1 · at most 2000 updates · task echo after 6 steps · of the networks at the end of their training · trained at T = 20 to 40 · points offset for clarity' at screen 0.017, screen 0.05149888 left font sized(0.86) textcolor rgb '#555555'
set label 'run echo (64cf83838dc3)' at screen 0.017, screen 0.02284386 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8915919; set bmargin at screen 0.828671
set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with points linetype 1 pointsize 1 title 'rnn', \
  keyentry with points linetype 2 pointsize 1 title 'gru', \
  keyentry with points linetype 3 pointsize 1 title 'lstm', \
  keyentry with lines linetype 4 title 'trained', \
  keyentry with lines linetype 5 title 'chance: remembers nothing'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: 
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.4825
set bmargin at screen 0.192169; set tmargin at screen 0.8046249
set title '' offset 0, lowered font sized(1)
set grid
set label 'length of test sequences (steps)' at screen 0.5185, screen 0.1320535 center
set xlabel '' font sized(1)
set xrange [12:108]
set xtics ('20' 20, '40' 40, '100' 100)
set ylabel 'share of wrong sequences' font sized(1)
set yrange [-0.04:1.04]
set ytics ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1)
unset colorbox
set arrow from first 20, graph 0 to first 20, graph 1 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (3,6)
set arrow from first 40, graph 0 to first 40, graph 1 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (3,6)
$guide0 << EOD
40,1
100,1
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 0 using (column(length) * 1 + -1.28):median:q25:q75 with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 0 using (column(length) * 1 + -1.28):median with points linetype 1 pointsize 1.2 notitle, \
  data skip 1 index 1 using length:median:q25:q75 with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 1 using length:median with points linetype 2 pointsize 1.2 notitle, \
  data skip 1 index 2 using (column(length) * 1 + 1.28):median:q25:q75 with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 2 using (column(length) * 1 + 1.28):median with points linetype 3 pointsize 1.2 notitle

# Panel 2: 
unset label; unset object; unset arrow
set lmargin at screen 0.5545; set rmargin at screen 0.979
set bmargin at screen 0.192169; set tmargin at screen 0.8046249
set title '' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [12:108]
set xtics ('20' 20, '40' 40, '100' 100)
set ylabel 'test loss (cross entropy, nats)' font sized(1)
set yrange [-2.930782:0.2600338]
set ytics ('10^{−2}' -2, '10^{−1}' -1, '10^{0}' 0)
y_place(v) = v > 0 ? (log10(v) < -2.930782 ? -2.930782 : log10(v) > 0.2600338 ? 0.2600338 : log10(v)) : -2.930782
y_at(c) = strcol(c) eq 'inf' ? 0.2600338 : strcol(c) eq '-inf' ? -2.930782 : y_place(column(c))
unset colorbox
set arrow from first 20, graph 0 to first 20, graph 1 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (3,6)
set arrow from first 40, graph 0 to first 40, graph 1 nohead back linecolor rgb '#666666' linewidth 1.5 dashtype (3,6)
$guide0 << EOD
40,0.1418555
100,0.1418555
EOD
unset key
plot $guide0 using 1:2 with lines linetype 5 notitle, \
  data skip 1 index 3 using (column(length) * 1 + -1.28):(y_at(median)):(y_at(q25)):(y_at(q75)) with yerrorbars linetype 1 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 3 using (column(length) * 1 + -1.28):(y_at(median)) with points linetype 1 pointsize 1.2 notitle, \
  data skip 1 index 4 using length:(y_at(median)):(y_at(q25)):(y_at(q75)) with yerrorbars linetype 2 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 4 using length:(y_at(median)) with points linetype 2 pointsize 1.2 notitle, \
  data skip 1 index 5 using (column(length) * 1 + 1.28):(y_at(median)):(y_at(q25)):(y_at(q75)) with yerrorbars linetype 3 dashtype solid linewidth 1.2 pointtype 0 notitle, \
  data skip 1 index 5 using (column(length) * 1 + 1.28):(y_at(median)) with points linetype 3 pointsize 1.2 notitle

unset multiplot
unset output
