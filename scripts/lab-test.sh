#!/bin/bash
# All lab files, or those that are named: to a `spec` of its configuration mocha would only add them.
case " $* " in
  *.lab.ts*) files=() ;;
  *) files=('test/lab/**/*.lab.ts') ;;
esac
exec mocha --config .mocharc.lab.json "${files[@]}" "$@"
