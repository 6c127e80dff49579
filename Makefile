# One line per thing that a person does here. Everything is made in .venv/ and var/, both ignored.
.PHONY: help setup run test lint bench screenshots contact-sheets reset lock

python := .venv/bin/python

help:
	@echo "make run     start the whole site: PORT=8080 chooses the port, Ctrl-C stops it"
	@echo "make setup   prepare everything that 'make run' needs, without staying up"
	@echo "make test    every check and every test"
	@echo "make lint    the checks alone"
	@echo "make bench   the timings, apart from the tests"
	@echo "make screenshots   every page as everybody into var/screenshots/; ONLY=brand leaves out the others"
	@echo "make contact-sheets  every model of the demonstration in every scene, into var/contact-sheets/"
	@echo "make reset   forget all data of this copy"
	@echo "make lock    pin the packages of pyproject.toml in requirements/"

setup:
	@requirements/install local
	@$(python) -m config.local setup

run: export PORT := $(PORT)
run:
	@began=$$(date +%s); requirements/install local && trap '' INT && \
	PACKAGES_SECONDS=$$(($$(date +%s) - began)) exec $(python) -m config.local run

reset:
	@requirements/install local
	@$(python) -m config.local reset

lint:
	@requirements/install dev
	@tests/lint

bench:
	@requirements/install dev
	@$(python) -m pytest tests/benchmarks -m benchmark
	@$(python) -m tests.benchmarks.pages
	@$(python) -m tests.benchmarks.progress

screenshots:
	@tests/machine
	@requirements/install dev
	@$(python) -m tests.screenshots $(ONLY)

contact-sheets:
	@requirements/install local
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice -n 5 $(python) -m gpu_service.contact_sheets var/contact-sheets

test:
	@tests/machine
	@$(MAKE) --no-print-directory lint
	@$(python) -m pytest -n 3 --dist loadgroup

lock:
	@requirements/install dev
	@requirements/lock
