# Runs a formula's install and test blocks in the current folder, with as much of Homebrew as they use, and prints what
# the formula says as JSON.
require "fileutils"
require "json"

class Place
  def initialize(path) = @path = path
  def to_s = @path

  def install(*sources)
    FileUtils.mkdir_p(@path)
    sources.flatten.each do |source|
      pairs = source.is_a?(Hash) ? source : { source => File.basename(source) }
      pairs.each { |from, name| FileUtils.cp(from, File.join(@path, name)) }
    end
  end
end

class Formula
  class << self
    attr_reader :facts, :tests

    def inherited(formula)
      super
      formula.instance_variable_set(:@facts, { sources: [] })
      formula.instance_variable_set(:@tests, [])
      Formula.instance_variable_set(:@last, formula)
    end

    def last = @last
    %i[desc homepage version license].each { |name| define_method(name) { |value| facts[name] = value } }
    %i[on_macos on_linux on_intel on_arm].each { |name| define_method(name) { |&block| block.call } }
    def url(value) = facts[:sources] << { url: value }
    def sha256(value) = facts[:sources].last[:sha256] = value
    def test(&block) = tests << block
  end

  def initialize(prefix) = @prefix = prefix
  def version = self.class.facts[:version]
  def bin = Place.new(File.join(@prefix, "bin"))
  def man1 = Place.new(File.join(@prefix, "share/man/man1"))
  def man7 = Place.new(File.join(@prefix, "share/man/man7"))
  def bash_completion = Place.new(File.join(@prefix, "etc/bash_completion.d"))
  def zsh_completion = Place.new(File.join(@prefix, "share/zsh/site-functions"))
  def fish_completion = Place.new(File.join(@prefix, "share/fish/vendor_completions.d"))
  def shell_output(command) = `#{command}`.tap { raise "#{command} failed" unless $?.success? }
  def assert_match(pattern, text) = text.match?(Regexp.new(Regexp.escape(pattern))) || raise("#{text} lacks #{pattern}")
end

load ARGV[0]
formula = Formula.last.new(ARGV[1])
formula.install
Formula.last.tests.each { |block| formula.instance_exec(&block) }
puts JSON.generate(Formula.last.facts)
