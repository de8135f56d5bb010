# Where do gradients vanish, survive and explode?
#
# Where gradients vanish, survive and explode. rnn vanishes in 29 of 66 cells, explodes in 27, is not
# distinguishable from constant in 10; lstm vanishes in 39 of 66 cells, explodes in 9, is not distinguishable
# from constant in 17, is near the edge in 1.
# numbers: decades gained (+) or lost (−) on the way back, decay rate × (T − 1), mean over 5 seeds · hidden size
# 64 · input size 16 · batch 8 · sequence length T = 100 · initial state scale 0.5 · washout 100 · initializer
# gaussian · loss final-dot · clip none · float32 · LSTM forget bias 1 · task gaussian-noise · mean field for
# σ_w = ρ and σ_w = ρ/ρ_N · run phase (b1166c8cd34f)
# gradflow 0.1.0, run phase (b1166c8cd34f)
#
# The data are in phase.csv beside this script. To draw it again, from any directory:
#   gnuplot -d phase.gp                       phase.svg and phase.png beside the script
#   gnuplot -d -e "format='pdf'" phase.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 5b9a823d13c3ea3c36617968fa165e14d20e6abeb0e92774a222b95450392fb8

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
data = directory . "phase.csv"
target = exists("output") ? output : directory . "phase." . format
if (format eq "svg") {
  set terminal svg size 1400, 546.7 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 547 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 547 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 546.7 / 96.0 enhanced \
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

# The columns of phase.csv.
cell = 1; forget_bias = 2; input_scale = 3; spectral_radius = 4; column_index = 5
row_index = 6; decades_mean = 7; decades_low = 8; decades_high = 9; seeds = 10; claim = 11
label = 12

set linetype 1 linecolor rgb '#000000' linewidth 2.5 dashtype solid pointtype 0 pointsize 1
set linetype 2 linecolor rgb '#222222' linewidth 1.4 dashtype solid pointtype 0 pointsize 1
set linetype 3 linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4) pointtype 0 pointsize 1
set linetype 4 linecolor rgb '#222222' linewidth 2 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Where gradients vanish, survive and explode}' at screen 0.017, screen 0.9411012 left font sized(1.3) textcolor rgb '#000000'
set label 'rnn vanishes in 29 of 66 cells, explodes in 27, is not distinguishable from constant in 10; lstm vanishes in 39 of 66 cells, explodes in 9, is not distinguishable from constant in 17,' at screen 0.017, screen 0.8898848 left font sized(1) textcolor rgb '#222222'
set label 'is near the edge in 1.' at screen 0.017, screen 0.8460948 left font sized(1) textcolor rgb '#222222'
set label 'numbers: decades gained (+) or lost (−) on the way back, decay rate × (T − 1), mean over 5 seeds · hidden size 64 · input size 16 · batch 8 · sequence length T = 100 · initial state scale 0.5 · washout 100' at screen 0.017, screen 0.06581306 left font sized(0.86) textcolor rgb '#555555'
set label 'initializer gaussian · loss final-dot · clip none · float32 · LSTM forget bias 1 · task gaussian-noise · mean field for σ_w = ρ and σ_w = ρ/ρ_N · run phase (b1166c8cd34f)' at screen 0.017, screen 0.02919334 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8176697; set bmargin at screen 0.7774648
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'between vanishing and exploding', \
  keyentry with lines linetype 2 title 'outlined: neither, by the 95 % interval', \
  keyentry with lines linetype 3 title 'mean field: χ = 1'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn
unset label; unset object; unset arrow
set lmargin at screen 0.058; set rmargin at screen 0.466
set bmargin at screen 0.2089629; set tmargin at screen 0.7006402
set title 'rnn' offset 0, lowered font sized(1)
unset grid
set label 'spectral radius ρ of W_{hh}' at screen 0.4755, screen 0.1321383 center
set xlabel '' font sized(1)
set xrange [-0.5:10.5]
set xtics ('0.5' 0, '0.75' 1, '1' 2, '1.25' 3, '1.5' 4, '1.75' 5, '2' 6, '2.25' 7, '2.5' 8, '2.75' 9, '3' 10)
set ylabel 'input scale' font sized(1)
set yrange [-0.5:5.5]
set ytics ('0' 0, '0.1' 1, '0.25' 2, '0.5' 3, '1' 4, '2' 5)
set palette defined (0 '#053061', 0.17 '#2c7bb6', 0.335 '#9ecae1', 0.5 '#ffffff', 0.665 '#fdb863', 0.83 '#d7711a', 1 '#7f3b08')
least = -20; greatest = 20
set cbrange [least:greatest]
set cbtics ('≤ −20' -20, '−10' -10, '0' 0, '10' 10, '20' 20)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? least : bounded(column(c))
ink(c) = abs(shade(c)) > 0.5 * greatest ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.2089629 size screen 0.016, screen 0.4916773
set label "decades gained:\nrate × (T − 1)" at screen 0.914, screen 0.7620999 left
$guide1 << EOD
6.5,4.5
7.5,4.5
EOD
$guide2 << EOD
4.5,2.5
4.5,3.5
5.5,3.5
EOD
$guide3 << EOD
9.5,0.5
9.5,1.5
8.5,1.5
8.5,0.5
9.5,0.5
EOD
$guide4 << EOD
8.5,4.5
8.5,5.5
7.5,5.5
7.5,4.5
8.5,4.5
EOD
$guide5 << EOD
6.5,3.5
6.5,4.5
5.5,4.5
5.5,3.5
6.5,3.5
EOD
$guide6 << EOD
5.5,0.5
5.5,1.5
4.5,1.5
4.5,2.5
3.5,2.5
3.5,1.5
2.5,1.5
2.5,0.5
2.5,-0.5
3.5,-0.5
4.5,-0.5
5.5,-0.5
5.5,0.5
EOD
$guide7 << EOD
2,-0.28
2,-0.5
EOD
$guide8 << EOD
2.216609,0.28
2.386801,0.5
EOD
$guide9 << EOD
2.556994,0.72
2.386801,0.5
EOD
$guide10 << EOD
2.950732,1.28
3.089905,1.5
EOD
$guide11 << EOD
3.229078,1.72
3.089905,1.5
EOD
$guide12 << EOD
3.628104,2.28
3.802451,2.5
EOD
$guide13 << EOD
3.976799,2.72
3.802451,2.5
EOD
$guide14 << EOD
4.541321,3.28
4.810526,3.5
EOD
$guide15 << EOD
5.079731,3.72
4.810526,3.5
EOD
$guide16 << EOD
5.948125,4.28
6.361228,4.5
EOD
$guide17 << EOD
6.774332,4.72
6.361228,4.5
EOD
$guide18 << EOD
7.3001,5.28
7.3001,5.5
EOD
$guide19 << EOD
2.2288,-0.28
2.2288,-0.5
EOD
$guide20 << EOD
2.457799,0.28
2.637726,0.5
EOD
$guide21 << EOD
2.817654,0.72
2.637726,0.5
EOD
$guide22 << EOD
3.233914,1.28
3.381048,1.5
EOD
$guide23 << EOD
3.528181,1.72
3.381048,1.5
EOD
$guide24 << EOD
3.950031,2.28
4.134352,2.5
EOD
$guide25 << EOD
4.318672,2.72
4.134352,2.5
EOD
$guide26 << EOD
4.915484,3.28
5.200088,3.5
EOD
$guide27 << EOD
5.484692,3.72
5.200088,3.5
EOD
$guide28 << EOD
6.402757,4.28
6.83949,4.5
EOD
$guide29 << EOD
7.276223,4.72
6.83949,4.5
EOD
$guide30 << EOD
7.832065,5.28
7.832065,5.5
EOD
unset key
plot data skip 1 index 0 using column_index:row_index:(0.5):(0.5):(shade(decades_mean)) with boxxyerror fillcolor palette fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 0 using column_index:row_index:(0.5):(strcol(decades_mean) eq '' ? 0.5 : NaN) with boxxyerror fillcolor rgb '#d9d9d9' fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 0 using column_index:row_index:(strcol(label)):(strcol(decades_mean) eq '' ? 0x444444 : ink(decades_mean)) with labels font sized(0.85) textcolor rgb variable notitle, \
  $guide1 using 1:2 with lines linetype 1 notitle, \
  $guide2 using 1:2 with lines linetype 1 notitle, \
  $guide3 using 1:2 with lines linetype 2 notitle, \
  $guide4 using 1:2 with lines linetype 2 notitle, \
  $guide5 using 1:2 with lines linetype 2 notitle, \
  $guide6 using 1:2 with lines linetype 2 notitle, \
  $guide7 using 1:2 with lines linetype 3 notitle, \
  $guide8 using 1:2 with lines linetype 3 notitle, \
  $guide9 using 1:2 with lines linetype 3 notitle, \
  $guide10 using 1:2 with lines linetype 3 notitle, \
  $guide11 using 1:2 with lines linetype 3 notitle, \
  $guide12 using 1:2 with lines linetype 3 notitle, \
  $guide13 using 1:2 with lines linetype 3 notitle, \
  $guide14 using 1:2 with lines linetype 3 notitle, \
  $guide15 using 1:2 with lines linetype 3 notitle, \
  $guide16 using 1:2 with lines linetype 3 notitle, \
  $guide17 using 1:2 with lines linetype 3 notitle, \
  $guide18 using 1:2 with lines linetype 3 notitle, \
  $guide19 using 1:2 with lines linetype 3 notitle, \
  $guide20 using 1:2 with lines linetype 3 notitle, \
  $guide21 using 1:2 with lines linetype 3 notitle, \
  $guide22 using 1:2 with lines linetype 3 notitle, \
  $guide23 using 1:2 with lines linetype 3 notitle, \
  $guide24 using 1:2 with lines linetype 3 notitle, \
  $guide25 using 1:2 with lines linetype 3 notitle, \
  $guide26 using 1:2 with lines linetype 3 notitle, \
  $guide27 using 1:2 with lines linetype 3 notitle, \
  $guide28 using 1:2 with lines linetype 3 notitle, \
  $guide29 using 1:2 with lines linetype 3 notitle, \
  $guide30 using 1:2 with lines linetype 3 notitle

# Panel 2: lstm
unset label; unset object; unset arrow
set lmargin at screen 0.485; set rmargin at screen 0.893
set bmargin at screen 0.2089629; set tmargin at screen 0.7006402
set title 'lstm' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:10.5]
set xtics ('0.5' 0, '0.75' 1, '1' 2, '1.25' 3, '1.5' 4, '1.75' 5, '2' 6, '2.25' 7, '2.5' 8, '2.75' 9, '3' 10)
set ylabel '' font sized(1)
set yrange [-0.5:5.5]
set ytics ('' 0, '' 1, '' 2, '' 3, '' 4, '' 5)
unset colorbox
$guide1 << EOD
8.5,3.5
9.5,3.5
EOD
$guide2 << EOD
10.5,3.5
10.5,4.5
9.5,4.5
9.5,3.5
10.5,3.5
EOD
$guide3 << EOD
8.5,2.5
8.5,3.5
7.5,3.5
6.5,3.5
5.5,3.5
5.5,2.5
4.5,2.5
4.5,1.5
3.5,1.5
3.5,0.5
2.5,0.5
2.5,-0.5
3.5,-0.5
4.5,-0.5
5.5,-0.5
6.5,-0.5
7.5,-0.5
8.5,-0.5
8.5,0.5
8.5,1.5
7.5,1.5
7.5,2.5
8.5,2.5
EOD
unset key
plot data skip 1 index 1 using column_index:row_index:(0.5):(0.5):(shade(decades_mean)) with boxxyerror fillcolor palette fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 1 using column_index:row_index:(0.5):(strcol(decades_mean) eq '' ? 0.5 : NaN) with boxxyerror fillcolor rgb '#d9d9d9' fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 1 using column_index:row_index:(strcol(label)):(strcol(decades_mean) eq '' ? 0x444444 : ink(decades_mean)) with labels font sized(0.85) textcolor rgb variable notitle, \
  $guide1 using 1:2 with lines linetype 1 notitle, \
  $guide2 using 1:2 with lines linetype 2 notitle, \
  $guide3 using 1:2 with lines linetype 2 notitle

unset multiplot
unset output
