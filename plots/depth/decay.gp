# How do gradients change on their way back through time?
#
# Gradient norms on the way back through time. At lag 99, L = 1: 10⁻²¹ (layer 0, rnn) to 10⁻⁹ (layer 0, lstm);
# L = 2: 10⁻¹⁵ (layer 0, rnn) to 10⁻³ (layer 0, lstm); L = 4: 10⁻² (layer 0, lstm) to 10⁻¹³ (layer 3, gru)
# median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 100 ·
# input scale 1 · initializer gaussian · loss final-dot · clip none · float32 · layers count from 0, which reads
# the inputs · below the last layer gradients also enter from above, at every step · LSTM forget bias 1 · task
# gaussian-noise · ∂L/∂c_t, within 0.36 decades of ∂L/∂h_t, not drawn · run depth (cb70cfb58da3)
# gradflow 0.1.0, run depth (cb70cfb58da3)
#
# The data are in decay.csv beside this script. To draw it again, from any directory:
#   gnuplot -d decay.gp                       decay.svg and decay.png beside the script
#   gnuplot -d -e "format='pdf'" decay.gp     svg, png or pdf
# If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.
# Digest: cbd9facfa76bfb0dd1878aac6b81858f58ecdc71902b99c525fb18a1acdb1f74

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
data = directory . "decay.csv"
target = exists("output") ? output : directory . "decay." . format
if (format eq "svg") {
  set terminal svg size 1400, 1563.38 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 1563 enhanced font "DejaVu Sans,10.5" \
      fontscale 1 linewidth 1 pointscale 1
  } else {
    set terminal png truecolor size 1400, 1563 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 1563.38 / 96.0 enhanced \
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

# The columns of decay.csv.
part = 1; layer = 2; direction = 3; cell = 4; forget_bias = 5; layers = 6; gradient = 7
lag = 8; log10_median = 9; log10_q25 = 10; log10_q75 = 11; seeds = 12

set linetype 1 linecolor rgb '#313695' linewidth 2 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#8C8C8C' linewidth 2 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#A50026' linewidth 2 dashtype (10,4,3,4) pointtype 5 pointsize 1

# Title, legend and caption.
set multiplot
set label '{/:Bold Gradient norms on the way back through time}' at screen 0.017, screen 0.9794036 left font sized(1.3) textcolor rgb '#000000'
set label 'At lag 99, L = 1: 10^{−21} (layer 0, rnn) to 10^{−9} (layer 0, lstm); L = 2: 10^{−15} (layer 0, rnn) to 10^{−3} (layer 0, lstm); L = 4: 10^{−2} (layer 0, lstm) to 10^{−13} (layer 3, gru)' at screen 0.017, screen 0.9614937 left font sized(1) textcolor rgb '#222222'
set label 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 100 · input scale 1 · initializer gaussian · loss final-dot · clip none · float32' at screen 0.017, screen 0.03581983 left font sized(0.86) textcolor rgb '#555555'
set label 'layers count from 0, which reads the inputs · below the last layer gradients also enter from above, at every step · LSTM forget bias 1 · task gaussian-noise · ∂L/∂c_t, within 0.36 decades of ∂L/∂h_t, not drawn' at screen 0.017, screen 0.02301424 left font sized(0.86) textcolor rgb '#555555'
set label 'run depth (cb70cfb58da3)' at screen 0.017, screen 0.01020865 left font sized(0.86) textcolor rgb '#555555'
set lmargin at screen 0.017; set rmargin at screen 0.983
set tmargin at screen 0.9515537; set bmargin at screen 0.9374944
set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
unset border; unset tics; unset grid
plot [0:1] [0:1] 2 notitle, \
  keyentry with lines linetype 1 title 'L = 1', \
  keyentry with lines linetype 2 title 'L = 2', \
  keyentry with lines linetype 3 title 'L = 4'
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid

# Panel 1: layer 0, rnn
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.356
set bmargin at screen 0.7252619; set tmargin at screen 0.9106295
set title 'layer 0, rnn' offset 0, lowered font sized(1)
set grid
set label 'lag T − t (steps)' at screen 0.52125, screen 0.05901316 center
set label '‖∂L/∂h_t‖ (geometric mean over batch)' at screen 0.014, screen 0.4982538 center rotate by 90
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('10^{−20}' -20, '10^{−15}' -15, '10^{−10}' -10, '10^{−5}' -5, '10^{0}' 0)
unset colorbox
unset key
plot data skip 1 index 0 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 1 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 2 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 0 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 1 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 2 using lag:log10_median with lines linetype 3 notitle

# Panel 2: layer 0, lstm
unset label; unset object; unset arrow
set lmargin at screen 0.375; set rmargin at screen 0.6675
set bmargin at screen 0.7252619; set tmargin at screen 0.9106295
set title 'layer 0, lstm' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('' -20, '' -15, '' -10, '' -5, '' 0)
unset colorbox
unset key
plot data skip 1 index 3 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 4 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 5 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 3 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 4 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 5 using lag:log10_median with lines linetype 3 notitle

# Panel 3: layer 0, gru
unset label; unset object; unset arrow
set lmargin at screen 0.6865; set rmargin at screen 0.979
set bmargin at screen 0.7252619; set tmargin at screen 0.9106295
set title 'layer 0, gru' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('' -20, '' -15, '' -10, '' -5, '' 0)
unset colorbox
unset key
plot data skip 1 index 6 using lag:log10_q25:log10_q75 with filledcurves linetype 1 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 7 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 8 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 6 using lag:log10_median with lines linetype 1 notitle, \
  data skip 1 index 7 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 8 using lag:log10_median with lines linetype 3 notitle

# Panel 4: layer 1, rnn
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.356
set bmargin at screen 0.512134; set tmargin at screen 0.6975016
set title 'layer 1, rnn' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('10^{−20}' -20, '10^{−15}' -15, '10^{−10}' -10, '10^{−5}' -5, '10^{0}' 0)
unset colorbox
unset key
plot data skip 1 index 9 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 10 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 9 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 10 using lag:log10_median with lines linetype 3 notitle

# Panel 5: layer 1, lstm
unset label; unset object; unset arrow
set lmargin at screen 0.375; set rmargin at screen 0.6675
set bmargin at screen 0.512134; set tmargin at screen 0.6975016
set title 'layer 1, lstm' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('' -20, '' -15, '' -10, '' -5, '' 0)
unset colorbox
unset key
plot data skip 1 index 11 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 12 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 11 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 12 using lag:log10_median with lines linetype 3 notitle

# Panel 6: layer 1, gru
unset label; unset object; unset arrow
set lmargin at screen 0.6865; set rmargin at screen 0.979
set bmargin at screen 0.512134; set tmargin at screen 0.6975016
set title 'layer 1, gru' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('' -20, '' -15, '' -10, '' -5, '' 0)
unset colorbox
unset key
plot data skip 1 index 13 using lag:log10_q25:log10_q75 with filledcurves linetype 2 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 14 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 13 using lag:log10_median with lines linetype 2 notitle, \
  data skip 1 index 14 using lag:log10_median with lines linetype 3 notitle

# Panel 7: layer 2, rnn
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.356
set bmargin at screen 0.299006; set tmargin at screen 0.4843736
set title 'layer 2, rnn' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('10^{−20}' -20, '10^{−15}' -15, '10^{−10}' -10, '10^{−5}' -5, '10^{0}' 0)
unset colorbox
unset key
plot data skip 1 index 15 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 15 using lag:log10_median with lines linetype 3 notitle

# Panel 8: layer 2, lstm
unset label; unset object; unset arrow
set lmargin at screen 0.375; set rmargin at screen 0.6675
set bmargin at screen 0.299006; set tmargin at screen 0.4843736
set title 'layer 2, lstm' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('' -20, '' -15, '' -10, '' -5, '' 0)
unset colorbox
unset key
plot data skip 1 index 16 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 16 using lag:log10_median with lines linetype 3 notitle

# Panel 9: layer 2, gru
unset label; unset object; unset arrow
set lmargin at screen 0.6865; set rmargin at screen 0.979
set bmargin at screen 0.299006; set tmargin at screen 0.4843736
set title 'layer 2, gru' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('' 0, '' 20, '' 40, '' 60, '' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('' -20, '' -15, '' -10, '' -5, '' 0)
unset colorbox
unset key
plot data skip 1 index 17 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 17 using lag:log10_median with lines linetype 3 notitle

# Panel 10: layer 3, rnn
unset label; unset object; unset arrow
set lmargin at screen 0.0635; set rmargin at screen 0.356
set bmargin at screen 0.08587803; set tmargin at screen 0.2712456
set title 'layer 3, rnn' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('10^{−20}' -20, '10^{−15}' -15, '10^{−10}' -10, '10^{−5}' -5, '10^{0}' 0)
unset colorbox
unset key
plot data skip 1 index 18 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 18 using lag:log10_median with lines linetype 3 notitle

# Panel 11: layer 3, lstm
unset label; unset object; unset arrow
set lmargin at screen 0.375; set rmargin at screen 0.6675
set bmargin at screen 0.08587803; set tmargin at screen 0.2712456
set title 'layer 3, lstm' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('' -20, '' -15, '' -10, '' -5, '' 0)
unset colorbox
unset key
plot data skip 1 index 19 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 19 using lag:log10_median with lines linetype 3 notitle

# Panel 12: layer 3, gru
unset label; unset object; unset arrow
set lmargin at screen 0.6865; set rmargin at screen 0.979
set bmargin at screen 0.08587803; set tmargin at screen 0.2712456
set title 'layer 3, gru' offset 0, lowered font sized(1)
set grid
set xlabel '' font sized(1)
set xrange [0:99]
set xtics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80)
set ylabel '' font sized(1)
set yrange [-22.26527:1.812904]
set ytics ('' -20, '' -15, '' -10, '' -5, '' 0)
unset colorbox
unset key
plot data skip 1 index 20 using lag:log10_q25:log10_q75 with filledcurves linetype 3 fillstyle transparent solid 0.16 noborder notitle, \
  data skip 1 index 20 using lag:log10_median with lines linetype 3 notitle

unset multiplot
unset output
