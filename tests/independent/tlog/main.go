// Checks a Comity log with Go's own transparency log packages, which share no code with it.
//
//	tlog FOLDER VKEY < proofs.jsonl
//
// From the static files alone: the checkpoint's signature; every entry's inclusion; consistency of
// every smaller tree with the checkpoint's. From standard input: proofs that Comity made, one JSON
// object a line.
//
// The packages lay tiles out as tile/<height>/<level>/<number>, Comity's folder, after C2SP
// tlog-tiles, as tile/<level>/<number>: `ReadTiles` leaves the height out. Entries stand under
// tile/entries, each behind its length, where the packages would look for tile/8/data.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type folder string

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if os.IsNotExist(err) { // the full tile may have taken the place of a partial one
			full, _, _ := strings.Cut(path, ".p/")
			data, err = os.ReadFile(filepath.Join(string(f), full))
			if len(data) > tile.W*tlog.HashSize {
				data = data[:tile.W*tlog.HashSize]
			}
		}
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", path, len(data))
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) entries(size int64) ([][]byte, error) {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := 256
		if size-n*256 < 256 {
			width = int(size - n*256)
		}
		path := tlog.Tile{H: height, L: 0, N: n, W: width}.Path()
		path = "tile/entries/" + strings.TrimPrefix(path, "tile/8/0/")
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		for i := 0; i < width; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s is too short", path)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:end])
			data = data[end:]
		}
		if len(data) > 0 {
			return nil, fmt.Errorf("%s is too long", path)
		}
	}
	return all, nil
}

func checkpoint(path string, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("the checkpoint is of another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

type proof struct {
	Index *int64
	Old   *int64
	Size  int64
	Leaf  string
	From  string
	Root  string
	Proof []string
}

func (p proof) check() error {
	var hashes []tlog.Hash
	for _, text := range p.Proof {
		hashes = append(hashes, parse(text))
	}
	if p.Index != nil {
		return tlog.CheckRecord(hashes, p.Size, parse(p.Root), *p.Index, parse(p.Leaf))
	}
	return tlog.CheckTree(hashes, p.Size, parse(p.Root), *p.Old, parse(p.From))
}

func parse(text string) tlog.Hash {
	var hash tlog.Hash
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(data) != tlog.HashSize {
		panic("a proof holds something that is no hash")
	}
	copy(hash[:], data)
	return hash
}

func run(f folder, vkey string) error {
	tree, err := checkpoint(filepath.Join(string(f), "checkpoint"), vkey)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, f)
	entries, err := f.entries(tree.N)
	if err != nil {
		return err
	}
	for n, entry := range entries {
		path, err := tlog.ProveRecord(tree.N, int64(n), reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(path, tree.N, tree.Hash, int64(n), tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("entry %d: %v", n, err)
		}
	}
	for old := int64(1); old <= tree.N; old++ {
		root, err := tlog.TreeHash(old, reader)
		if err != nil {
			return err
		}
		path, err := tlog.ProveTree(tree.N, old, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(path, tree.N, tree.Hash, old, root); err != nil {
			return fmt.Errorf("size %d: %v", old, err)
		}
	}
	ours := 0
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for ; lines.Scan(); ours++ {
		var one proof
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return err
		}
		if err := one.check(); err != nil {
			return fmt.Errorf("proof %d: %v", ours, err)
		}
	}
	fmt.Printf("holds: %d entries, %d proofs of Comity\n", tree.N, ours)
	return lines.Err()
}

func main() {
	if err := run(folder(os.Args[1]), os.Args[2]); err != nil {
		fmt.Println("does not hold:", err)
		os.Exit(1)
	}
}
