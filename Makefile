# Verbs only. Everything they do is a command you can also type.
SEEDS ?= 2000
SIMULATOR = dotnet run --project tests/Quorate.Simulator -c Release --

.PHONY: build test sim mutants bench verify fix nightly

build:
	dotnet build --nologo

test:
	dotnet test --nologo

# `make sim` runs SEEDS seeds from 1, `make sim SEED=42` replays one with its trace.
sim:
	$(SIMULATOR) $(if $(SEED),--seed $(SEED) --trace,--from 1 --seeds $(SEEDS))

# Every mutant must be caught; the table says by which checker at which seed.
mutants:
	dotnet run eng/mutants.cs

bench:
	dotnet run eng/bench.cs

# The gate of every change. It never writes.
verify:
	dotnet run eng/verify.cs

fix:
	dotnet format Quorate.slnx

nightly:
	$(SIMULATOR) --from 1 --seeds 20000
	$(MAKE) mutants
	dotnet run eng/kill-all.cs
	dotnet run eng/kill-leader.cs
	dotnet run eng/kill-leader.cs -- --in-order
	dotnet run eng/grow-and-shrink.cs
	$(MAKE) bench
