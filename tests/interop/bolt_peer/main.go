// SPDX-License-Identifier: MIT

// bolt_peer lets a test drive the real bbolt: one command a line on stdin, one answer a line on
// stdout, "ok ..." or "error ...". Names, keys and values are hex; a path is names joined by "/", and
// "-" is the root bucket or an empty value.
//
//	open FILE array|hashmap sync|unsynced PAGESIZE [MAPPING]   begin   commit   rollback   close
//	put PATH KEY VALUE   del PATH KEY   mkb PATH NAME   rmb PATH NAME   seq PATH NUMBER
//	reader   end NUMBER                                 (read transactions, from 1)
//	lengths    "MAPPING FILE USED", in bytes            waiting    "FREE PENDING", in pages
//	digest FILE          check FILE                     (on a closed file)
//	freepages FILE       pages that are free once it is opened
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

type peer struct {
	db      *bolt.DB
	tx      *bolt.Tx
	readers []*bolt.Tx
}

// A bucket, or the transaction standing for the root bucket.
type container interface {
	Bucket([]byte) *bolt.Bucket
	CreateBucket([]byte) (*bolt.Bucket, error)
	DeleteBucket([]byte) error
}

func unhex(text string) []byte {
	if text == "-" {
		return []byte{}
	}
	bytes, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return bytes
}

func (p *peer) at(path string) (container, error) {
	var here container = p.tx
	if path == "-" {
		return here, nil
	}
	for _, name := range strings.Split(path, "/") {
		next := here.Bucket(unhex(name))
		if next == nil {
			return nil, fmt.Errorf("no bucket %s in %s", name, path)
		}
		here = next
	}
	return here, nil
}

func (p *peer) bucket(path string) (*bolt.Bucket, error) {
	here, err := p.at(path)
	if err != nil {
		return nil, err
	}
	bucket, ok := here.(*bolt.Bucket)
	if !ok {
		return nil, fmt.Errorf("the root bucket holds no keys")
	}
	return bucket, nil
}

func (p *peer) open(file, freelist, sync, pageSize string, mapping []string) error {
	size, err := strconv.Atoi(pageSize)
	if err != nil {
		return err
	}
	initial := 0
	if len(mapping) > 0 {
		if initial, err = strconv.Atoi(mapping[0]); err != nil {
			return err
		}
	}
	options := &bolt.Options{
		Timeout:         5 * time.Second,
		FreelistType:    bolt.FreelistType(freelist),
		NoFreelistSync:  sync == "unsynced",
		PageSize:        size,
		InitialMmapSize: initial,
	}
	p.readers = nil
	p.db, err = bolt.Open(file, 0600, options)
	if err == nil {
		p.db.NoSync = true
	}
	return err
}

func (p *peer) change(verb string, args []string) error {
	if verb == "mkb" || verb == "rmb" {
		here, err := p.at(args[0])
		if err != nil {
			return err
		}
		if verb == "rmb" {
			return here.DeleteBucket(unhex(args[1]))
		}
		_, err = here.CreateBucket(unhex(args[1]))
		return err
	}
	bucket, err := p.bucket(args[0])
	if err != nil {
		return err
	}
	switch verb {
	case "put":
		return bucket.Put(unhex(args[1]), unhex(args[2]))
	case "del":
		return bucket.Delete(unhex(args[1]))
	default:
		number, err := strconv.ParseUint(args[1], 10, 64)
		if err != nil {
			return err
		}
		return bucket.SetSequence(number)
	}
}

func digestBucket(sum hash.Hash, path string, cursor *bolt.Cursor,
	open func([]byte) *bolt.Bucket) {
	for key, value := cursor.First(); key != nil; key, value = cursor.Next() {
		if value == nil {
			if child := open(key); child != nil {
				name := path + "/" + hex.EncodeToString(key)
				fmt.Fprintf(sum, "%s/{%d}\n", name, child.Sequence())
				digestBucket(sum, name, child.Cursor(), child.Bucket)
				continue
			}
		}
		fmt.Fprintf(sum, "%s/%x=%x\n", path, key, value)
	}
}

func (p *peer) endReader(number string) error {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(p.readers) {
		return fmt.Errorf("no reader %s", number)
	}
	return p.readers[n-1].Rollback()
}

// The mapping's length is bbolt's own secret: a field of its DB.
func (p *peer) lengths() (string, error) {
	info, err := os.Stat(p.db.Path())
	if err != nil {
		return "", err
	}
	mapping := reflect.ValueOf(p.db).Elem().FieldByName("datasz").Int()
	used := int64(0)
	err = p.db.View(func(tx *bolt.Tx) error {
		used = tx.Size()
		return nil
	})
	return fmt.Sprintf("%d %d %d", mapping, info.Size(), used), err
}

func freePages(file string) (string, error) {
	db, err := bolt.Open(file, 0600, &bolt.Options{Timeout: 5 * time.Second})
	if err != nil {
		return "", err
	}
	defer db.Close()
	free := 0
	err = db.View(func(tx *bolt.Tx) error {
		for id := 0; ; {
			info, err := tx.Page(id)
			if err != nil || info == nil {
				return err
			}
			if info.Type == "free" {
				free++
				id++
			} else {
				id += 1 + info.OverflowCount
			}
		}
	})
	return strconv.Itoa(free), err
}

func look(file string, visit func(*bolt.Tx) (string, error)) (string, error) {
	db, err := bolt.Open(file, 0600, &bolt.Options{ReadOnly: true, Timeout: 5 * time.Second})
	if err != nil {
		return "", err
	}
	defer db.Close()
	answer := ""
	err = db.View(func(tx *bolt.Tx) error {
		answer, err = visit(tx)
		return err
	})
	return answer, err
}

func digest(tx *bolt.Tx) (string, error) {
	sum := sha256.New()
	digestBucket(sum, "", tx.Cursor(), tx.Bucket)
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func check(tx *bolt.Tx) (string, error) {
	var first error
	for err := range tx.Check() {
		if first == nil {
			first = err
		}
	}
	return "", first
}

func (p *peer) run(verb string, args []string) (answer string, err error) {
	defer func() {
		if trouble := recover(); trouble != nil {
			err = fmt.Errorf("panic: %v", trouble)
		}
	}()
	switch verb {
	case "open":
		err = p.open(args[0], args[1], args[2], args[3], args[4:])
	case "begin":
		p.tx, err = p.db.Begin(true)
	case "commit":
		err = p.tx.Commit()
	case "rollback":
		err = p.tx.Rollback()
	case "close":
		err = p.db.Close()
	case "reader":
		var tx *bolt.Tx
		if tx, err = p.db.Begin(false); err == nil {
			p.readers = append(p.readers, tx)
		}
	case "end":
		err = p.endReader(args[0])
	case "lengths":
		answer, err = p.lengths()
	case "waiting":
		stats := p.db.Stats()
		answer = fmt.Sprintf("%d %d", stats.FreePageN, stats.PendingPageN)
	case "freepages":
		answer, err = freePages(args[0])
	case "digest":
		answer, err = look(args[0], digest)
	case "check":
		answer, err = look(args[0], check)
	case "put", "del", "mkb", "rmb", "seq":
		err = p.change(verb, args)
	default:
		err = fmt.Errorf("unknown command %q", verb)
	}
	return answer, err
}

func main() {
	p := &peer{}
	out := bufio.NewWriter(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<30)
	for in.Scan() {
		words := strings.Split(in.Text(), " ")
		answer, err := p.run(words[0], words[1:])
		if err != nil {
			fmt.Fprintf(out, "error %v\n", err)
		} else {
			fmt.Fprintf(out, "ok %s\n", answer)
		}
		out.Flush()
	}
}
