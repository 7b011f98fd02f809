package sizing

// FewSuccesses tell of the work even where failures take most of the time. Where
// most links are dead, a run waits for those as well.
const FewSuccesses = 8
