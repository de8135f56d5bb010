# Which steps make up the gradient of W_hh?
#
# The data are in contributions.csv beside this script. To draw it again, from any directory:
#   gnuplot -d contributions.gp                       contributions.svg and contributions.png beside the script
#   gnuplot -d -e "format='pdf'" contributions.gp     svg, png, pdf, or dumb for a terminal

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
data = directory . "contributions.csv"
target = exists("output") ? output : directory . "contributions." . format
paged = (format eq "dumb")
bands = paged ? 0 : 1
if (format eq "svg") {
  set terminal svg size 1400, 690 enhanced font "DejaVu Sans,14" \
    background rgb "white"
}
if (format eq "png") {
  # A gnuplot without Cairo has the plainer png terminal.
  if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
    set terminal pngcairo size 1400, 690 enhanced font "DejaVu Sans,10.5"
  } else {
    set terminal png truecolor size 1400, 690 enhanced font "DejaVu Sans,10.5"
  }
}
if (format eq "pdf") {
  set terminal pdfcairo size 1400 / 96.0, 690 / 96.0 enhanced \
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

# The columns of contributions.csv.
spectral_radius = 1; cell = 2; forget_bias = 3; lag = 4; cumulative_share_median = 5
cumulative_share_q25 = 6; cumulative_share_q75 = 7; seeds = 8

set linetype 1 linecolor rgb '#0072B2' linewidth 2.0 dashtype solid pointtype 7 pointsize 1
set linetype 2 linecolor rgb '#D55E00' linewidth 2.0 dashtype (12,5) pointtype 11 pointsize 1

# Title, legend and caption; printed where each panel is a page.
if (!paged) {
  set multiplot
  set label '{/:Bold Share of the last steps in the gradient of W_{hh}}' at screen 0.01714286, screen 0.9536232 left font sized(1.3) textcolor rgb '#000000'
  set label 'Number of last steps that contribute 90 %: rnn: 99 (ρ = 3) to 99 (ρ = 6); lstm, forget bias 1: 98 (ρ = 3) to 99 (ρ = 6)' at screen 0.01714286, screen 0.9130435 left font sized(1) textcolor rgb '#222222'
  set label 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16 · sequence length T = 100 · input scale 0.5 · initializer gaussian · loss final-dot · clip none (first of 5) · float32' at screen 0.01714286, screen 0.05217391 left font sized(0.86) textcolor rgb '#555555'
  set label 'LSTM forget bias 1 · task gaussian-noise · run clipping' at screen 0.01714286, screen 0.02318841 left font sized(0.86) textcolor rgb '#555555'
}
if (paged) { print 'Share of the last steps in the gradient of W_hh' }
if (paged) { print 'Number of last steps that contribute 90 %: rnn: 99 (ρ = 3) to 99 (ρ = 6);' }
if (paged) { print 'lstm, forget bias 1: 98 (ρ = 3) to 99 (ρ = 6)' }
if (!paged) {
  set lmargin at screen 0.01714286; set rmargin at screen 0.9828571
  set tmargin at screen 0.8898551
  set bmargin at screen 0.857971
  set key inside left top horizontal Left reverse samplen 3.5 maxcols 3
  unset border; unset tics; unset grid
  plot [0:1] [0:1] 2 notitle, \
    keyentry with lines linetype 1 title 'rnn', \
    keyentry with lines linetype 2 title 'lstm, forget bias 1', \
    keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'
}
set border 31 linecolor rgb '#888888' linewidth 1
set xtics textcolor rgb '#222222' nomirror
set ytics textcolor rgb '#222222' nomirror
set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid
shown(c) = column(c)
set yrange [0:1.04]
set ytics 0, 0.2, 1
set logscale x
set xrange [1:140.0]

# Panel 1: spectral radius ρ = 3
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.08428571; set rmargin at screen 0.5221429
  set bmargin at screen 0.1652174; set tmargin at screen 0.7884058
}
set title 'spectral radius ρ = 3' noenhanced offset 0, lowered
set xlabel (paged ? 'number of last steps, lag + 1' : 'number of last steps, lag + 1')
set ylabel (paged ? 'share of Σ_t ‖contribution of t‖' : 'share of Σ_t ‖contribution of t‖')
set format x (paged ? '%g' : '%g')
set format y '%g'
if (!paged) { set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label at 99, 1 point pointtype 7 pointsize 1.3 linecolor rgb '#0072B2' front }
if (!paged) { set label at 98, 0.9502567 point pointtype 7 pointsize 1.3 linecolor rgb '#D55E00' front }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 0 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 1 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 0 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 1 notitle, \
  data skip 1 index 1 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 1', \
  keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'

# Panel 2: spectral radius ρ = 6
unset label; unset object; unset arrow
if (!paged) {
  set lmargin at screen 0.5407143; set rmargin at screen 0.9785714
  set bmargin at screen 0.1652174; set tmargin at screen 0.7884058
}
set title 'spectral radius ρ = 6' noenhanced offset 0, lowered
set xlabel (paged ? 'number of last steps, lag + 1' : 'number of last steps, lag + 1')
set ylabel (paged ? 'share of Σ_t ‖contribution of t‖' : '')
set format x (paged ? '%g' : '%g')
set format y (paged ? '%g' : '')
if (!paged) { set arrow from graph 0, first 0.9 to graph 1, first 0.9 nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }
if (!paged) { set label at 99, 1 point pointtype 7 pointsize 1.3 linecolor rgb '#0072B2' front }
if (!paged) { set label at 99, 1 point pointtype 7 pointsize 1.3 linecolor rgb '#D55E00' front }
unset key; set key title ''; if (paged) { set key default; set key below } else { unset key }
plot for [i=1:bands] data skip 1 index 2 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 1 notitle, \
  for [i=1:bands] data skip 1 index 3 using (column(lag) + 1):(shown(cumulative_share_q25)):(shown(cumulative_share_q75)) with filledcurves linetype 2 notitle, \
  data skip 1 index 2 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 1 notitle, \
  data skip 1 index 3 using (column(lag) + 1):(shown(cumulative_share_median)) with lines linetype 2 notitle, \
  keyentry with lines linetype 1 title 'rnn', \
  keyentry with lines linetype 2 title 'lstm, forget bias 1', \
  keyentry with points pointtype 7 pointsize 1.3 linecolor rgb '#000000' title '90 % reached (median)'

if (paged) { print '' } else { unset multiplot }
unset output
if (paged) { print 'median and quartiles over 10 seeds · hidden size 64 · input size 16 · batch 16' }
if (paged) { print '· sequence length T = 100 · input scale 0.5 · initializer gaussian · loss' }
if (paged) { print 'final-dot · clip none (first of 5) · float32 LSTM forget bias 1 · task' }
if (paged) { print 'gaussian-noise · run clipping' }
