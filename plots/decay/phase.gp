# Where do gradients vanish, survive and explode?
#
# Where gradients vanish, survive and explode. rnn vanishes in 24 of 36 cells, explodes in 8, is not
# distinguishable from constant in 4; lstm, forget bias 0 vanishes in all 36 cells; lstm, forget bias 1 vanishes
# in all 36 cells.
# numbers: decades gained (+) or lost (−) on the way back, decay rate × (T − 1), mean over 10 seeds · hidden
# size 64 · input size 16 · batch 16 · input scale 1 · initializer gaussian · loss final-dot · clip none (first
# of 2) · float32 · LSTM forget bias 0, 1 · task gaussian-noise · mean field for σ_w = ρ and σ_w = ρ/ρ_N · run
# decay (bb276bca7c9d)
# gradflow 0.1.0, run decay (bb276bca7c9d)
#
# The data are in phase.csv beside this script. To draw it again, from any directory:
#   gnuplot -d phase.gp                       phase.svg and phase.png beside the script
#   gnuplot -d -e "format='pdf'" phase.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: 06af20b5cbc0e565dd2608d65b7c48c40c0a6364888399a7c502b18ebe888a94

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
  set terminal svg size 1400, 435.96 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 436 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 436 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 435.96 / 96.0 enhanced \
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
cell = 1; forget_bias = 2; sequence_length = 3; spectral_radius = 4; column_index = 5
row_index = 6; decades_mean = 7; decades_low = 8; decades_high = 9; seeds = 10; claim = 11
label = 12

set linetype 1 linecolor rgb '#222222' linewidth 1.4 dashtype solid pointtype 0 pointsize 1
set linetype 2 linecolor rgb '#D6006C' linewidth 2.2 dashtype (6,4) pointtype 0 pointsize 1
set linetype 3 linecolor rgb '#222222' linewidth 2 dashtype solid pointtype 7 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Where gradients vanish, survive and explode}' at screen 0.017, screen 0.92614 left font sized(1.3) textcolor rgb '#000000'
set label 'rnn vanishes in 24 of 36 cells, explodes in 8, is not distinguishable from constant in 4; lstm, forget bias 0 vanishes in all 36 cells; lstm, forget bias 1 vanishes in all 36 cells.' at screen 0.017, screen 0.8619139 left font sized(1) textcolor rgb '#222222'
set label 'numbers: decades gained (+) or lost (−) on the way back, decay rate × (T − 1), mean over 10 seeds · hidden size 64 · input size 16 · batch 16 · input scale 1 · initializer gaussian · loss final-dot' at screen 0.017, screen 0.08253051 left font sized(0.86) textcolor rgb '#555555'
set label 'clip none (first of 2) · float32 · LSTM forget bias 0, 1 · task gaussian-noise · mean field for σ_w = ρ and σ_w = ρ/ρ_N · run decay (bb276bca7c9d)' at screen 0.017, screen 0.03660886 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.8262685; set bmargin at screen 0.775851
set key inside left top horizontal Left reverse samplen 3.5 maxcols 2
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'outlined: neither, by the 95 % interval', \
  keyentry with lines linetype 2 title 'mean field: χ = 1'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: rnn
unset label; unset object; unset arrow
set lmargin at screen 0.0525; set rmargin at screen 0.32
set bmargin at screen 0.2620424; set tmargin at screen 0.6795119
set title 'rnn' offset 0, lowered font sized(1)
unset grid
set label 'spectral radius ρ of W_{hh}' at screen 0.47275, screen 0.1657033 center
set xlabel '' font sized(1)
set xrange [-0.5:8.5]
set xtics ('0.5' 0, '1' 2, '1.5' 4, '2' 6, '2.5' 8)
set ylabel 'sequence length T (steps)' font sized(0.9731801)
set yrange [-0.5:3.5]
set ytics ('25' 0, '50' 1, '100' 2, '200' 3)
set palette defined (0 '#053061', 0.17 '#2c7bb6', 0.335 '#9ecae1', 0.5 '#ffffff', 0.665 '#fdb863', 0.83 '#d7711a', 1 '#7f3b08')
least = -30; greatest = 30
set cbrange [least:greatest]
set cbtics ('≤ −30' -30, '−20' -20, '0' 0, '20' 20)
bounded(v) = v < least ? least : v > greatest ? greatest : v
shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? least : bounded(column(c))
ink(c) = abs(shade(c)) > 0.5 * greatest ? 0xffffff : 0x000000
set cbtics textcolor rgb '#222222'
set colorbox vertical user origin screen 0.914, screen 0.2620424 size screen 0.016, screen 0.4174695
set label "decades gained:\nrate × (T − 1)" at screen 0.914, screen 0.7565832 left
$guide1 << EOD
6.5,2.5
6.5,3.5
5.5,3.5
5.5,2.5
5.5,1.5
5.5,0.5
5.5,-0.5
6.5,-0.5
6.5,0.5
6.5,1.5
6.5,2.5
EOD
$guide2 << EOD
5.422356,-0.28
5.422356,-0.5
EOD
$guide3 << EOD
5.422356,0.28
5.422356,0.5
EOD
$guide4 << EOD
5.422356,0.72
5.422356,0.5
EOD
$guide5 << EOD
5.422356,1.28
5.422356,1.5
EOD
$guide6 << EOD
5.422356,1.72
5.422356,1.5
EOD
$guide7 << EOD
5.422356,2.28
5.422356,2.5
EOD
$guide8 << EOD
5.422356,2.72
5.422356,2.5
EOD
$guide9 << EOD
5.422356,3.28
5.422356,3.5
EOD
$guide10 << EOD
5.846915,-0.28
5.846915,-0.5
EOD
$guide11 << EOD
5.846915,0.28
5.846915,0.5
EOD
$guide12 << EOD
5.846915,0.72
5.846915,0.5
EOD
$guide13 << EOD
5.846915,1.28
5.846915,1.5
EOD
$guide14 << EOD
5.846915,1.72
5.846915,1.5
EOD
$guide15 << EOD
5.846915,2.28
5.846915,2.5
EOD
$guide16 << EOD
5.846915,2.72
5.846915,2.5
EOD
$guide17 << EOD
5.846915,3.28
5.846915,3.5
EOD
unset key
plot data skip 1 index 0 using column_index:row_index:(0.5):(0.5):(shade(decades_mean)) with boxxyerror fillcolor palette fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 0 using column_index:row_index:(0.5):(strcol(decades_mean) eq '' ? 0.5 : NaN) with boxxyerror fillcolor rgb '#d9d9d9' fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 0 using column_index:row_index:(strcol(label)):(strcol(decades_mean) eq '' ? 0x444444 : ink(decades_mean)) with labels font sized(0.85) textcolor rgb variable notitle, \
  $guide1 using 1:2 with lines linetype 1 notitle, \
  $guide2 using 1:2 with lines linetype 2 notitle, \
  $guide3 using 1:2 with lines linetype 2 notitle, \
  $guide4 using 1:2 with lines linetype 2 notitle, \
  $guide5 using 1:2 with lines linetype 2 notitle, \
  $guide6 using 1:2 with lines linetype 2 notitle, \
  $guide7 using 1:2 with lines linetype 2 notitle, \
  $guide8 using 1:2 with lines linetype 2 notitle, \
  $guide9 using 1:2 with lines linetype 2 notitle, \
  $guide10 using 1:2 with lines linetype 2 notitle, \
  $guide11 using 1:2 with lines linetype 2 notitle, \
  $guide12 using 1:2 with lines linetype 2 notitle, \
  $guide13 using 1:2 with lines linetype 2 notitle, \
  $guide14 using 1:2 with lines linetype 2 notitle, \
  $guide15 using 1:2 with lines linetype 2 notitle, \
  $guide16 using 1:2 with lines linetype 2 notitle, \
  $guide17 using 1:2 with lines linetype 2 notitle

# Panel 2: lstm, forget bias 0
unset label; unset object; unset arrow
set lmargin at screen 0.339; set rmargin at screen 0.6065
set bmargin at screen 0.2620424; set tmargin at screen 0.6795119
set title 'lstm, forget bias 0' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:8.5]
set xtics ('0.5' 0, '1' 2, '1.5' 4, '2' 6, '2.5' 8)
set ylabel '' font sized(1)
set yrange [-0.5:3.5]
set ytics ('' 0, '' 1, '' 2, '' 3)
unset colorbox
unset key
plot data skip 1 index 1 using column_index:row_index:(0.5):(0.5):(shade(decades_mean)) with boxxyerror fillcolor palette fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 1 using column_index:row_index:(0.5):(strcol(decades_mean) eq '' ? 0.5 : NaN) with boxxyerror fillcolor rgb '#d9d9d9' fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 1 using column_index:row_index:(strcol(label)):(strcol(decades_mean) eq '' ? 0x444444 : ink(decades_mean)) with labels font sized(0.85) textcolor rgb variable notitle

# Panel 3: lstm, forget bias 1
unset label; unset object; unset arrow
set lmargin at screen 0.6255; set rmargin at screen 0.893
set bmargin at screen 0.2620424; set tmargin at screen 0.6795119
set title 'lstm, forget bias 1' offset 0, lowered font sized(1)
unset grid
set xlabel '' font sized(1)
set xrange [-0.5:8.5]
set xtics ('0.5' 0, '1' 2, '1.5' 4, '2' 6, '2.5' 8)
set ylabel '' font sized(1)
set yrange [-0.5:3.5]
set ytics ('' 0, '' 1, '' 2, '' 3)
unset colorbox
unset key
plot data skip 1 index 2 using column_index:row_index:(0.5):(0.5):(shade(decades_mean)) with boxxyerror fillcolor palette fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 2 using column_index:row_index:(0.5):(strcol(decades_mean) eq '' ? 0.5 : NaN) with boxxyerror fillcolor rgb '#d9d9d9' fillstyle solid 1 border linecolor rgb '#ffffff' notitle, \
  data skip 1 index 2 using column_index:row_index:(strcol(label)):(strcol(decades_mean) eq '' ? 0x444444 : ink(decades_mean)) with labels font sized(0.85) textcolor rgb variable notitle

unset multiplot
unset output
