# Which theory predicts the decay rate, and where does it fail?
#
# The data are in theory.csv beside this script. To draw it again, from any directory:
#   gnuplot -d theory.gp                       theory.svg and theory.png beside the script
#   gnuplot -d -e "format='pdf'" theory.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "theory.csv"
target = exists("output") ? output : directory . "theory." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 864 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 864 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 864 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 864 / 96.0 enhanced \
    font "DejaVu Sans,10.5"
}
if (paged) {
  if (!exists("columns")) { columns = 80 }
  if (!exists("rows")) { rows = 24 }
  set terminal dumb nofeed size columns, rows mono noenhanced
  set print "-"
} else {
  set output target
}

sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? 14 : 10.5))
key_font = sized(0.85)
# The svg terminal sets panel titles higher than the others.
lowered = (format eq "svg") ? -0.6 : 0
set datafile separator comma
set style fill transparent solid 0.16 noborder

# The columns of theory.csv.
prediction = 1; cell = 2; forget_bias = 3; trial = 4; predicted = 5; predicted_low = 6
predicted_high = 7; decay_rate = 8; residual = 9

set linetype 1 linecolor rgb '#0072B2' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1
set linetype 3 linecolor rgb '#009E73' linewidth 2.0 dashtype (10,4,3,4) pointtype 5 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Measured decay rate against theory}' at screen 0.01714286, screen 0.962963 left font sized(1.3) textcolor rgb '#000000'
  set label 'Root mean square of measured − predicted, in decades per step: log10 ρ 0.25; Pascanu bound 0.52; mean field 0.0061; Lyapunov 0.0029; forget path 0.12' at screen 0.01714286, screen 0.9305556 left font sized(1) textcolor rgb '#222222'
  set label 'all 60 trials with a plain decay rate, one point each · T = 100 · ρ = 0.5, 1, 1.5, 2 · hidden size 64 · input scale 1 · initializer gaussian · task text · run text' at screen 0.01714286, screen 0.01851852 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Measured decay rate against theory' }
if (paged) { print 'Root mean square of measured − predicted, in decades per step: log10 ρ 0.25;' }
if (paged) { print 'Pascanu bound 0.52; mean field 0.0061; Lyapunov 0.0029; forget path 0.12' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.912037
  set bmargin at screen 0.8865741
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 4
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with points linetype 1 pointsize 0.9 title 'rnn', \
    keyentry with points linetype 2 pointsize 0.9 title 'lstm, forget bias 1', \
    keyentry with points linetype 3 pointsize 0.9 title 'gru', \
    keyentry with lines linecolor rgb '#222222' linewidth 1 dashtype solid title 'measured = predicted'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
set yrange [-0.5265105:0.03504839]; set ytics 0.2
set xrange [-0.5265105:0.5455565]; set xtics 0.2

# Panel 1: linear prediction log10 ρ (not a criterion)
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.37
  set bmargin at screen 0.4953704; set tmargin at screen 0.8310185
}
set title 'linear prediction log10 ρ (not a criterion)' noenhanced offset 0, lowered
set xlabel (paged ? 'predicted slope (decades per step)' : '')
set ylabel (paged ? 'measured (decades per step)' : 'measured (decades per step)')
set format x (paged ? '%g' : '')
set format y '%g'
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot x with lines linecolor rgb '#222222' linewidth 1 dashtype solid notitle, \
  0 with lines linecolor rgb '#bbbbbb' linewidth 1 dashtype solid notitle, \
  data skip 1 index 0 using predicted:decay_rate with points linetype 1 pointsize 0.5 notitle, \
  keyentry with points linetype 1 pointsize 0.9 title 'rnn', \
  keyentry with points linetype 2 pointsize 0.9 title 'lstm, forget bias 1', \
  keyentry with points linetype 3 pointsize 0.9 title 'gru', \
  keyentry with lines linecolor rgb '#222222' linewidth 1 dashtype solid title 'measured = predicted'

# Panel 2: Pascanu bound log10 σ_max: points lie below the line
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.3885714; set rmargin at screen 0.6742857
  set bmargin at screen 0.4953704; set tmargin at screen 0.8310185
}
set title 'Pascanu bound log10 σ_max: points lie below the line' noenhanced offset 0, lowered
set xlabel (paged ? 'predicted slope (decades per step)' : '')
set ylabel (paged ? 'measured (decades per step)' : '')
set format x (paged ? '%g' : '')
set format y (paged ? '%g' : '')
if (!paged) { set label '5 of 20 points are outside the plot' at graph 0.02, graph 0.92 left noenhanced front font sized(0.85) textcolor rgb '#444444' }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot x with lines linecolor rgb '#222222' linewidth 1 dashtype solid notitle, \
  0 with lines linecolor rgb '#bbbbbb' linewidth 1 dashtype solid notitle, \
  data skip 1 index 1 using predicted:decay_rate with points linetype 1 pointsize 0.5 notitle, \
  keyentry with points linetype 1 pointsize 0.9 title 'rnn', \
  keyentry with points linetype 2 pointsize 0.9 title 'lstm, forget bias 1', \
  keyentry with points linetype 3 pointsize 0.9 title 'gru', \
  keyentry with lines linecolor rgb '#222222' linewidth 1 dashtype solid title 'measured = predicted'

# Panel 3: mean field ½ log10 χ, band of finite size
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.6928571; set rmargin at screen 0.9785714
  set bmargin at screen 0.4953704; set tmargin at screen 0.8310185
}
set title 'mean field ½ log10 χ, band of finite size' noenhanced offset 0, lowered
set xlabel (paged ? 'predicted slope (decades per step)' : 'predicted slope (decades per step)')
set ylabel (paged ? 'measured (decades per step)' : '')
set format x (paged ? '%g' : '%g')
set format y (paged ? '%g' : '')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot x with lines linecolor rgb '#222222' linewidth 1 dashtype solid notitle, \
  0 with lines linecolor rgb '#bbbbbb' linewidth 1 dashtype solid notitle, \
  for [i=1:bands] data skip 1 index 2 using predicted:decay_rate:predicted_low:predicted_high with xerrorbars linetype 1 dashtype solid linewidth 1 pointtype 0 notitle, \
  data skip 1 index 2 using predicted:decay_rate with points linetype 1 pointsize 0.5 notitle, \
  keyentry with points linetype 1 pointsize 0.9 title 'rnn', \
  keyentry with points linetype 2 pointsize 0.9 title 'lstm, forget bias 1', \
  keyentry with points linetype 3 pointsize 0.9 title 'gru', \
  keyentry with lines linecolor rgb '#222222' linewidth 1 dashtype solid title 'measured = predicted'

# Panel 4: Lyapunov exponent λ_1 / ln 10
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.37
  set bmargin at screen 0.1087963; set tmargin at screen 0.4444444
}
set title 'Lyapunov exponent λ_1 / ln 10' noenhanced offset 0, lowered
set xlabel (paged ? 'predicted slope (decades per step)' : 'predicted slope (decades per step)')
set ylabel (paged ? 'measured (decades per step)' : 'measured (decades per step)')
set format x (paged ? '%g' : '%g')
set format y '%g'
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot x with lines linecolor rgb '#222222' linewidth 1 dashtype solid notitle, \
  0 with lines linecolor rgb '#bbbbbb' linewidth 1 dashtype solid notitle, \
  data skip 1 index 3 using predicted:decay_rate with points linetype 1 pointsize 0.5 notitle, \
  data skip 1 index 4 using predicted:decay_rate with points linetype 2 pointsize 0.5 notitle, \
  data skip 1 index 5 using predicted:decay_rate with points linetype 3 pointsize 0.5 notitle, \
  keyentry with points linetype 1 pointsize 0.9 title 'rnn', \
  keyentry with points linetype 2 pointsize 0.9 title 'lstm, forget bias 1', \
  keyentry with points linetype 3 pointsize 0.9 title 'gru', \
  keyentry with lines linecolor rgb '#222222' linewidth 1 dashtype solid title 'measured = predicted'

# Panel 5: LSTM: forget path (a reference, not a bound)
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.3885714; set rmargin at screen 0.6742857
  set bmargin at screen 0.1087963; set tmargin at screen 0.4444444
}
set title 'LSTM: forget path (a reference, not a bound)' noenhanced offset 0, lowered
set xlabel (paged ? 'predicted slope (decades per step)' : 'predicted slope (decades per step)')
set ylabel (paged ? 'measured (decades per step)' : '')
set format x (paged ? '%g' : '%g')
set format y (paged ? '%g' : '')
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot x with lines linecolor rgb '#222222' linewidth 1 dashtype solid notitle, \
  0 with lines linecolor rgb '#bbbbbb' linewidth 1 dashtype solid notitle, \
  data skip 1 index 6 using predicted:decay_rate with points linetype 2 pointsize 0.5 notitle, \
  keyentry with points linetype 1 pointsize 0.9 title 'rnn', \
  keyentry with points linetype 2 pointsize 0.9 title 'lstm, forget bias 1', \
  keyentry with points linetype 3 pointsize 0.9 title 'gru', \
  keyentry with lines linecolor rgb '#222222' linewidth 1 dashtype solid title 'measured = predicted'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'all 60 trials with a plain decay rate, one point each · T = 100 · ρ = 0.5, 1,' }
if (paged) { print '1.5, 2 · hidden size 64 · input scale 1 · initializer gaussian · task text ·' }
if (paged) { print 'run text' }
